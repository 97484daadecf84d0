/** A run in the list. */

import * as React from 'react';
import type { RunRow } from '../api/types';
import { clockTime, exactTime } from '../kit/humane';
import { Prose } from '../kit/prose';
import { useDesk, useNow } from '../kit/react';
import { StateGlyph, standingOf, stateWord } from '../kit/state';
import { Ago } from '../kit/time';
import { gist, type Piece } from './words';

/** How a run looks, and what a click does. */
export interface IRunLineProps {
  readonly id: string;
  readonly run: RunRow;
  /** Whether its page is in front in the main area. */
  readonly isFront: boolean;
  /** Whether the keys are at it. */
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly onClick: (run: RunRow, event: React.MouseEvent) => void;
}

/** Two lines: state, name and time; below, what is most worth knowing. */
export const RunLine = React.memo(function RunLine(props: IRunLineProps): React.ReactElement {
  const { id, run, isFront, isActive, isSelected, onClick } = props;
  const { trans } = useDesk();
  const pieces = gist(run, trans);
  return (
    <div
      id={id}
      role="option"
      aria-selected={isSelected}
      aria-current={isFront ? 'page' : undefined}
      className={`jp-mlrun-nb-Run${isActive ? ' jp-mod-active' : ''}`}
      data-run={run.id}
      onClick={event => {
        onClick(run, event);
      }}
    >
      <StateGlyph state={standingOf(run)} label={stateWord(standingOf(run), trans)} />
      <span className="jp-mlrun-nb-Run-name" title={run.function}>
        {run.function}
        {run.sweep !== null && <span className="jp-mlrun-nb-Tag">{trans.__('sweep')}</span>}
        {run.pinned && <span title={trans.__('pinned')}> ⚑</span>}
      </span>
      <span className="jp-mlrun-nb-when">
        {run.state === 'running' && run.started !== null ? (
          <Elapsed since={run.started} />
        ) : (
          <Ago time={run.created} />
        )}
      </span>
      <span className="jp-mlrun-nb-Run-gist" title={plain(pieces)}>
        {pieces.map((piece, index) => (
          <React.Fragment key={index}>
            {index > 0 && ' · '}
            {piece.strong ? <b>{piece.text}</b> : <Prose text={piece.text} />}
          </React.Fragment>
        ))}
      </span>
      {run.progress !== null && run.progress.total > 0 && (
        <span className="jp-mlrun-nb-Run-bar">
          <i style={{ width: `${(100 * run.progress.done) / run.progress.total}%` }} />
        </span>
      )}
    </div>
  );
});

/** The whole line, for a tooltip. */
function plain(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text.replaceAll('`', '')).join(' · ');
}

/** How long it has been running. */
export function Elapsed({ since }: { readonly since: string }): React.ReactElement {
  const now = useNow(1000);
  const then = new Date(since);
  return (
    <time dateTime={since} title={exactTime(then)}>
      {clockTime((now.getTime() - then.getTime()) / 1000)}
    </time>
  );
}
