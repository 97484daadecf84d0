/** The second line of a run in a list: what is most worth knowing of it. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { RunRow } from '../api/types';
import { count, duration } from '../kit/humane';

/** A piece of the line; the strong one is what came out. */
export type Piece = { readonly text: string; readonly strong?: boolean };

/** What stands below the function's name. */
export function gist(run: RunRow, trans: TranslationBundle): readonly Piece[] {
  const given = run.parameters.map(each => ({ text: `${each.name}=${each.text}` }));
  if (run.sweep !== null && run.state !== 'pending') {
    return ofSweep(run, trans);
  }
  switch (run.state) {
    case 'pending':
      return [{ text: run.cancelling ? trans.__('cancelling') : waiting(run, trans) }, ...given];
    case 'running':
      return [{ text: progress(run, trans) }, ...given];
    case 'succeeded':
      return [...result(run), ...given, ...took(run)];
    case 'cached':
      return [...result(run), { text: saved(run, trans) }, ...given];
    default:
      return [{ text: run.reason || trans.__('no reason is known') }, ...given];
  }
}

/** A sweep: the best child's result, and how many have ended; before them why, where it did not end well. */
function ofSweep(run: RunRow, trans: TranslationBundle): readonly Piece[] {
  const isBad = run.state === 'failed' || run.state === 'cancelled' || run.state === 'lost';
  const reason = run.reason || trans.__('no reason is known');
  return [
    ...(isBad ? [{ text: reason }] : run.cancelling ? [{ text: trans.__('cancelling') }] : []),
    ...result(run),
    { text: children(run, trans) },
    ...took(run)
  ];
}

/** How many children have ended: `37 of 100 children`. */
function children({ sweep }: RunRow, trans: TranslationBundle): string {
  const done = sweep?.done ?? 0;
  const total = sweep?.total ?? done;
  return done < total
    ? trans.__('%1 of %2 children', count(done), count(total))
    : trans._n('%1 child', '%1 children', total, count(total));
}

/** What a pending run waits for. */
export function waiting(run: RunRow, trans: TranslationBundle): string {
  const words: Record<NonNullable<RunRow['phase']>, string> = {
    submitting: trans.__('is being submitted'),
    queued: trans.__('waits in the queue'),
    unschedulable: trans.__('waits for a node'),
    pulling: trans.__('pulls its image'),
    starting: trans.__('is starting'),
    backoff: trans.__('waits before it tries again')
  };
  if (run.phase === null) {
    return run.reason || trans.__('waits');
  }
  const said = run.reason && run.reason !== run.phase ? run.reason : '';
  if (!said || said.startsWith(words[run.phase])) {
    return said || words[run.phase];
  }
  return `${words[run.phase]}: ${said}`;
}

function progress({ progress: at, cancelling }: RunRow, trans: TranslationBundle): string {
  const where =
    at === null
      ? trans.__('running')
      : trans.__('cell %1 of %2', Math.min(at.done + 1, at.total), at.total);
  return cancelling ? trans.__('cancelling, %1', where) : where;
}

function saved(run: RunRow, trans: TranslationBundle): string {
  return run.saved_s === null
    ? trans.__('same as an earlier run')
    : trans.__('same as an earlier run, saved %1', duration(run.saved_s));
}

function result({ result: main }: RunRow): readonly Piece[] {
  return main === null ? [] : [{ text: `${main.name} ${main.text}`, strong: true }];
}

function took({ duration_s }: RunRow): readonly Piece[] {
  return duration_s === null ? [] : [{ text: duration(duration_s) }];
}
