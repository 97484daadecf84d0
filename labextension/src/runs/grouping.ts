/** Runs under the names of their days. */

import type { RunRow } from '../api/types';

/** A line of the list: the name of a day, or a run with its place among the runs. */
export type Line =
  | { readonly kind: 'day'; readonly name: string }
  | { readonly kind: 'run'; readonly run: RunRow; readonly index: number };

/** The runs in their order, with a line before the first one of each day. */
export function linesOf(
  runs: readonly RunRow[],
  dayOf: (created: Date) => string
): readonly Line[] {
  const lines: Line[] = [];
  let day: string | undefined;
  let date: string | undefined;
  runs.forEach((run, index) => {
    const created = new Date(run.created);
    const itsDate = created.toDateString(); // a day's name costs a hundred times as much, so it is asked for once a day
    if (itsDate !== date) {
      date = itsDate;
      const name = dayOf(created);
      if (name !== day) {
        lines.push({ kind: 'day', name });
        day = name;
      }
    }
    lines.push({ kind: 'run', run, index });
  });
  return lines;
}

/** The list after its beginning was read again: `fresh` in place of as many runs as it reaches down to. */
export function merged(
  known: readonly RunRow[],
  fresh: readonly RunRow[],
  isWhole: boolean
): readonly RunRow[] {
  const last = fresh.at(-1);
  if (isWhole || last === undefined) {
    return fresh;
  }
  const at = known.findIndex(run => run.id === last.id);
  return at < 0 ? fresh : [...fresh, ...known.slice(at + 1)];
}
