/** Where the cells of a run stand on its timeline. */

import type { CellRow } from '../api/types';

/** A cell, where it begins and how long it is, in parts of the whole. */
export type Span = { readonly cell: CellRow; readonly left: number; readonly width: number };

/** Narrower ones would not be seen. */
const LEAST = 0.004;

/** The cells one after the other, as wide as they were long; `nowS` is how long the one that runs has been at it. */
export function spansOf(cells: readonly CellRow[], nowS = 0): readonly Span[] {
  const lengths = cells.map(cell => lengthOf(cell, nowS));
  const whole = lengths.reduce((sum, each) => sum + each, 0) || 1;
  let before = 0;
  return cells.map((cell, index) => {
    const length = lengths[index] ?? 0;
    const width = length > 0 ? Math.max(LEAST, length / whole) : 0;
    const left = Math.min(before / whole, 1 - width);
    before += length;
    return { cell, left, width };
  });
}

/** How long a cell took, or has taken so far. */
export function lengthOf(cell: CellRow, nowS: number): number {
  return cell.state === 'running' ? Math.max(cell.duration_s, nowS) : cell.duration_s;
}

/** The cells that a reader wants to see: machinery only where the run is, or ended, or it took its time. */
export function telling(cells: readonly CellRow[]): readonly CellRow[] {
  const whole = cells.reduce((sum, each) => sum + each.duration_s, 0);
  return cells.filter(
    cell =>
      !cell.machinery ||
      (cell.state !== 'pending' && cell.state !== 'succeeded') ||
      cell.duration_s > 0.05 * whole + 0.5
  );
}
