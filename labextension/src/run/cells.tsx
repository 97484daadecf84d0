/** The cells of a run: where its time and memory went, and where it failed. */

import * as React from 'react';
import type { CellRow, RunDetail } from '../api/types';
import { CommandIDs } from '../commandIds';
import { AnsiText } from '../kit/ansiText';
import { duration, size } from '../kit/humane';
import { useAct } from '../kit/page';
import { useDesk, useNow } from '../kit/react';
import { isFinal, StateGlyph, stateWord } from '../kit/state';
import { Block } from './facts';
import { lengthOf, spansOf, telling, type Span } from './spans';

/** All cells, and the error of the one that failed. */
export function Cells({ detail }: { readonly detail: RunDetail }): React.ReactElement {
  const { trans } = useDesk();
  const [isAll, setAll] = React.useState(false);
  const hidden = detail.cells.length - telling(detail.cells).length;
  if (detail.cells.length === 0) {
    return (
      <p className="jp-mlrun-nb-empty">
        {isFinal(detail.run.state)
          ? trans.__('No cell of it was run.')
          : trans.__('No cell has begun yet.')}
      </p>
    );
  }
  return (
    <>
      <Timeline detail={detail} isShort={false} isAll={isAll} />
      {hidden > 0 && (
        <label className="jp-mlrun-nb-Check">
          <input
            type="checkbox"
            checked={isAll}
            onChange={event => {
              setAll(event.target.checked);
            }}
          />
          {trans._n('Also show %1 generated cell', 'Also show %1 generated cells', hidden, hidden)}
        </label>
      )}
      <Failed detail={detail} />
    </>
  );
}

/** A bar for each cell; the short form leaves memory out. */
export function Timeline({
  detail,
  isShort,
  isAll = false
}: {
  readonly detail: RunDetail;
  readonly isShort: boolean;
  readonly isAll?: boolean;
}): React.ReactElement {
  const { trans } = useDesk();
  const { cells, run } = detail;
  const shown = isAll ? cells : telling(cells);
  const nowS = useRunningFor(detail);
  const spans = spansOf(shown, nowS);
  return (
    <ul
      className={`jp-mlrun-nb-Timeline${isShort ? ' jp-mod-short' : ''}`}
      aria-label={trans.__('Cells of run %1', run.id)}
    >
      {spans.map(span => (
        <CellLine key={span.cell.index} span={span} detail={detail} isShort={isShort} nowS={nowS} />
      ))}
    </ul>
  );
}

function CellLine({
  span,
  detail,
  isShort,
  nowS
}: {
  readonly span: Span;
  readonly detail: RunDetail;
  readonly isShort: boolean;
  readonly nowS: number;
}): React.ReactElement {
  const { trans } = useDesk();
  const act = useAct();
  const { cell, left, width } = span;
  const length = lengthOf(cell, nowS);
  const name = cell.name || trans.__('cell %1', cell.index + 1);
  const { notebook } = detail;
  const { origin } = cell;
  return (
    <li className={`jp-mlrun-nb-Cell jp-mod-${cell.state}`}>
      <StateGlyph state={cell.state} label={stateWord(cell.state, trans)} />
      {notebook !== null && origin !== null ? (
        <button
          type="button"
          className="jp-mlrun-nb-Cell-name"
          title={trans.__('%1: go to cell %2 of %3', name, origin + 1, notebook)}
          onClick={() => {
            act(CommandIDs.goToCell, { path: notebook, index: origin });
          }}
        >
          {name}
        </button>
      ) : (
        <span className="jp-mlrun-nb-Cell-name" title={name}>
          {name}
        </span>
      )}
      <span className="jp-mlrun-nb-Cell-track" aria-hidden>
        {width > 0 && <i style={{ left: `${100 * left}%`, width: `${100 * width}%` }} />}
      </span>
      {!isShort && (
        <span className="jp-mlrun-nb-Cell-memory" title={trans.__('peak memory')}>
          {cell.peak_memory_bytes > 0 ? size(cell.peak_memory_bytes) : ''}
        </span>
      )}
      <span className="jp-mlrun-nb-Cell-length">
        {length > 0 || cell.state === 'succeeded' || cell.state === 'running'
          ? duration(length)
          : '–'}
      </span>
    </li>
  );
}

function Failed({ detail }: { readonly detail: RunDetail }): React.ReactElement | null {
  const { trans } = useDesk();
  const { failure } = detail;
  if (failure === null || (failure.ename === '' && failure.traceback === '')) {
    return null; // cancelled, or ended from outside: the reason above says it
  }
  const title =
    failure.cell_name || failure.cell !== null
      ? trans.__('Error in %1', failure.cell_name || trans.__('cell %1', (failure.cell ?? 0) + 1))
      : trans.__('Error');
  return (
    <Block title={title}>
      {failure.ename && (
        <p className="jp-mlrun-nb-ErrorLine">
          <b>{failure.ename}</b>
          {failure.evalue && `: ${failure.evalue}`}
        </p>
      )}
      {failure.traceback && (
        <pre className="jp-mlrun-nb-Text" tabIndex={0} aria-label={trans.__('Traceback')}>
          <AnsiText text={failure.traceback} />
        </pre>
      )}
    </Block>
  );
}

/** How long the cell that runs has been at it: from what is known of the others, and the time since the start. */
function useRunningFor({ cells, run }: RunDetail): number {
  const now = useNow(run.state === 'running' ? 1000 : 3_600_000);
  if (run.state !== 'running' || run.started === null) {
    return 0;
  }
  const done = cells.reduce((sum: number, each: CellRow) => sum + each.duration_s, 0);
  return Math.max(0, (now.getTime() - new Date(run.started).getTime()) / 1000 - done);
}
