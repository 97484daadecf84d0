/** How a state looks: a shape for each, and its colour; a reader without colours sees the shape. */

import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { RunRow } from '../api/types';

/** A child that its strategy ended early has succeeded, and is called `pruned`. */
export type State = RunRow['state'] | 'pruned';

/** How a run stands as people say it. */
export function standingOf({ state, pruned }: Pick<RunRow, 'state' | 'pruned'>): State {
  return pruned ? 'pruned' : state;
}

/** Whether nothing more is expected. */
export function isFinal(state: State): boolean {
  return state !== 'pending' && state !== 'running';
}

/** The state in words. */
export function stateWord(state: State, trans: TranslationBundle): string {
  const words: Record<State, string> = {
    pending: trans.__('pending'),
    running: trans.__('running'),
    succeeded: trans.__('succeeded'),
    pruned: trans.__('pruned'),
    failed: trans.__('failed'),
    cancelled: trans.__('cancelled'),
    lost: trans.__('lost'),
    cached: trans.__('cached')
  };
  return words[state];
}

const line = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.8 } as const;

/** The parts of each shape, in a box of 16 by 16. */
export const SHAPES: Record<State, React.ReactElement> = {
  succeeded: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="M4.8 8.3l2.2 2.2 4.3-4.6" className="jp-mlrun-nb-onState" />
    </>
  ),
  pruned: <path d="M1.8 3.2h12.4L8 13.8z" {...line} strokeLinejoin="round" />,
  failed: (
    <>
      <rect x="1.5" y="1.5" width="13" height="13" rx="3" fill="currentColor" />
      <path d="M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4" className="jp-mlrun-nb-onState" />
    </>
  ),
  running: (
    <>
      <circle cx="8" cy="8" r="6" {...line} strokeOpacity=".25" strokeWidth="2.5" />
      <path d="M8 2a6 6 0 0 1 5.2 9" {...line} strokeWidth="2.5" />
    </>
  ),
  pending: <circle cx="8" cy="8" r="6" {...line} strokeDasharray="2.6 2.1" />,
  cancelled: (
    <>
      <circle cx="8" cy="8" r="6" {...line} />
      <path d="M3.8 12.2l8.4-8.4" {...line} />
    </>
  ),
  cached: <path d="M3 8a5 5 0 1 0 1.6-3.7M4.4 1.6v3h3" {...line} />,
  lost: (
    <>
      <path d="M8 1.5l6.5 6.5L8 14.5 1.5 8z" {...line} strokeWidth="1.6" />
      <path
        d="M6.4 6.6a1.6 1.6 0 1 1 2.2 1.6c-.5.2-.6.5-.6 1M8 11.2v.3"
        {...line}
        strokeWidth="1.4"
      />
    </>
  )
};

/** The shape of a state. Where its word does not stand beside it, `label` says it to a screen reader. */
export function StateGlyph({
  state,
  label
}: {
  readonly state: State;
  readonly label?: string;
}): React.ReactElement {
  const said = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <svg className={`jp-mlrun-nb-State jp-mod-${state}`} viewBox="0 0 16 16" {...said}>
      {SHAPES[state]}
    </svg>
  );
}
