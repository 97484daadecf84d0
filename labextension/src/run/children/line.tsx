/** A child in the table. */

import * as React from 'react';
import { shortNumber } from '../../charts/scale';
import { duration } from '../../kit/humane';
import { Prose } from '../../kit/prose';
import { useDesk } from '../../kit/react';
import { StateGlyph, stateWord } from '../../kit/state';
import { shortRun } from '../words';
import { cellOf, keyOf, type Field } from './order';
import type { Cell, Child } from './table';

/** How a child looks, and what a click does. */
export interface ILineProps {
  readonly child: Child;
  readonly index: number;
  readonly columns: readonly Field[];
  readonly layout: React.CSSProperties;
  readonly isBest: boolean;
  readonly onOpen: (child: string) => void;
}

/** A click anywhere opens it; for the keyboard its number is a button. */
export const Line = React.memo(function Line(props: ILineProps): React.ReactElement {
  const { child, index, columns, layout, isBest, onOpen } = props;
  const results = columns.filter(({ of }) => of === 'results');
  const hasReason = child.reason !== '' && results.length > 0;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`jp-mlrun-nb-Child${isBest ? ' jp-mod-best' : ''}`}
      style={layout}
      data-child={child.id}
      onClick={() => {
        onOpen(child.id);
      }}
    >
      {columns.map(field =>
        hasReason && field.of === 'results' ? (
          field === results[0] && <Reason key="reason" child={child} columns={results.length} />
        ) : (
          <div key={keyOf(field)} role="cell" className={`jp-mod-${field.of}`}>
            {field.of === 'number' ? (
              <Name child={child} isBest={isBest} />
            ) : field.of === 'state' ? (
              <StateOf child={child} />
            ) : (
              <Value child={child} field={field} />
            )}
          </div>
        )
      )}
    </div>
  );
});

/** Why it did not end well, where others have their results. */
function Reason({
  child,
  columns
}: {
  readonly child: Child;
  readonly columns: number;
}): React.ReactElement {
  return (
    <div
      role="cell"
      aria-colspan={columns}
      className="jp-mod-reason"
      style={{ gridColumn: `span ${columns}` }}
      title={child.reason}
    >
      <Prose text={child.reason} />
    </div>
  );
}

/** Its number, and the id that people quote. */
function Name({
  child,
  isBest
}: {
  readonly child: Child;
  readonly isBest: boolean;
}): React.ReactElement {
  const { trans } = useDesk();
  return (
    <>
      <button type="button" className="jp-mlrun-nb-Link" title={trans.__('Open run %1', child.id)}>
        {`#${child.number ?? '?'}`}
      </button>
      <code>{shortRun(child.id)}</code>
      {isBest && (
        <span role="img" aria-label={trans.__('the best child')} title={trans.__('the best child')}>
          ★
        </span>
      )}
    </>
  );
}

function StateOf({ child }: { readonly child: Child }): React.ReactElement {
  const { trans } = useDesk();
  return (
    <span title={child.reason || undefined}>
      <StateGlyph state={child.state} />
      {stateWord(child.state, trans)}
    </span>
  );
}

/** A value with all its digits in a tooltip. */
function Value({
  child,
  field
}: {
  readonly child: Child;
  readonly field: Field;
}): React.ReactElement {
  const cell = cellOf(child, field);
  const text = cell !== null && field.of === 'duration' ? duration(Number(cell)) : textOf(cell);
  return <span title={cell === null ? undefined : String(cell)}>{text}</span>;
}

function textOf(cell: Cell): string {
  return cell === null ? '–' : typeof cell === 'number' ? shortNumber(cell) : String(cell);
}
