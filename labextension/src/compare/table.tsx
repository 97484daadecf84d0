/** Runs as columns, values as rows. */

import * as React from 'react';
import type { Cell, CompareRow, RunRow, Table } from '../api/types';
import { CommandIDs } from '../commandIds';
import { useAct } from '../kit/page';
import { useDesk } from '../kit/react';
import { StateGlyph, standingOf, stateWord } from '../kit/state';
import { Moment } from '../kit/time';
import { shortRun } from '../run/words';

const GROUPS: readonly CompareRow['group'][] = ['results', 'parameters', 'run', 'settings'];

/** What is compared, and which run is pointed at. */
export interface ICompareTableProps {
  readonly table: Table;
  readonly onlyDifferences: boolean;
  readonly marked: string | undefined;
  readonly onMark: (run: string | undefined) => void;
  readonly onRemove: (run: string) => void;
}

/** The names stay in sight; in each group the rows that differ come first. */
export function CompareTable(props: ICompareTableProps): React.ReactElement {
  const { table, onlyDifferences, marked } = props;
  const { trans } = useDesk();
  const titles: Record<CompareRow['group'], string> = {
    results: trans.__('Results'),
    parameters: trans.__('Parameters'),
    run: trans.__('Run'),
    settings: trans.__('Settings')
  };
  const rows = table.rows.filter(({ differs }) => differs || !onlyDifferences);
  return (
    <div
      className="jp-mlrun-nb-Compare"
      role="region"
      tabIndex={0}
      aria-label={trans.__('Values of the runs')}
    >
      <table>
        <thead>
          <tr>
            <td />
            {table.runs.map(run => (
              <RunHead key={run.id} run={run} {...props} />
            ))}
          </tr>
        </thead>
        {GROUPS.map(group => {
          const shown = rows.filter(row => row.group === group);
          return (
            shown.length > 0 && (
              <tbody key={group}>
                <tr className="jp-mod-group">
                  <th scope="rowgroup">{titles[group]}</th>
                  <td colSpan={table.runs.length} />
                </tr>
                {shown.map(row => (
                  <ValueRow key={row.name} row={row} runs={table.runs} marked={marked} />
                ))}
              </tbody>
            )
          );
        })}
      </table>
      {rows.length === 0 && <p className="jp-mlrun-nb-empty">{trans.__('Nothing differs.')}</p>}
    </div>
  );
}

function RunHead({
  run,
  marked,
  onMark,
  onRemove
}: ICompareTableProps & { readonly run: RunRow }): React.ReactElement {
  const { trans } = useDesk();
  const act = useAct();
  return (
    <th
      scope="col"
      className={run.id === marked ? 'jp-mod-marked' : undefined}
      onMouseEnter={() => {
        onMark(run.id);
      }}
      onMouseLeave={() => {
        onMark(undefined);
      }}
    >
      <div>
        <StateGlyph state={standingOf(run)} label={stateWord(standingOf(run), trans)} />
        <button
          type="button"
          className="jp-mlrun-nb-Link"
          title={trans.__('Open run %1', run.id)}
          onClick={() => {
            act(CommandIDs.openRun, { run: run.id });
          }}
        >
          {run.function} <code>{shortRun(run.id)}</code>
        </button>
        <button
          type="button"
          className="jp-mlrun-nb-IconButton"
          title={trans.__('Take run %1 out', shortRun(run.id))}
          aria-label={trans.__('Take run %1 out', shortRun(run.id))}
          onClick={() => {
            onRemove(run.id);
          }}
        >
          <svg viewBox="0 0 16 16" aria-hidden>
            <path d="M4.5 4.5l7 7M11.5 4.5l-7 7" stroke="currentColor" strokeWidth="1.4" />
          </svg>
        </button>
      </div>
      <span className="jp-mlrun-nb-when">
        <Moment time={run.created} />
      </span>
    </th>
  );
}

function ValueRow({
  row,
  runs,
  marked
}: {
  readonly row: CompareRow;
  readonly runs: readonly RunRow[];
  readonly marked: string | undefined;
}): React.ReactElement {
  return (
    <tr className={row.differs ? 'jp-mod-differs' : undefined}>
      <th scope="row" title={row.name}>
        {row.name}
      </th>
      {row.cells.map((cell, index) => {
        const id = runs[index]?.id;
        return (
          <td key={id ?? index} className={id === marked ? 'jp-mod-marked' : undefined}>
            {cell && <Value cell={cell} />}
          </td>
        );
      })}
    </tr>
  );
}

/** The best one has a mark and says so. */
function Value({ cell }: { readonly cell: Cell }): React.ReactElement {
  const { trans } = useDesk();
  return cell.best ? (
    <span className="jp-mlrun-nb-Best">
      <b>{cell.text}</b>
      <span>
        <svg viewBox="0 0 16 16" aria-hidden>
          <path d="M8 1.8l1.9 4 4.3.5-3.2 3 .9 4.3L8 11.5l-3.9 2.1.9-4.3-3.2-3 4.3-.5z" />
        </svg>
        {trans.__('best')}
      </span>
    </span>
  ) : (
    <>{cell.text}</>
  );
}
