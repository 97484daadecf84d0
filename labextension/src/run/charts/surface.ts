/** What lies between children: a value for each place of a plane, from those that are near. */

import { placeOf, type Range } from '../../charts/scale';

/** A child on the plane. */
export type Sample = { readonly x: number; readonly y: number; readonly value: number };

/** A small rectangle of the plane, in the units of its axes. */
export type Tile = {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
  readonly value: number;
};

const COLUMNS = 80;
const ROWS = 48;
/** Farther from all children, in widths of the kernel, nothing is said. */
const REACH = 2;

/** The mean of the values around each tile, the nearer the weightier; none where no child is near. */
export function surfaceOf(samples: readonly Sample[], x: Range, y: Range): readonly Tile[] {
  const width = Math.min(0.2, Math.max(0.045, 0.4 * samples.length ** (-1 / 3)));
  const placed = samples.flatMap(({ x: across, y: up, value }) => {
    const [left, bottom] = [placeOf(across, x), placeOf(up, y)];
    return left === undefined || bottom === undefined ? [] : [{ left, bottom, value }];
  });
  const tiles: Tile[] = [];
  for (let column = 0; column < COLUMNS; column += 1) {
    for (let row = 0; row < ROWS; row += 1) {
      const value = valueAt((column + 0.5) / COLUMNS, (row + 0.5) / ROWS, placed, width);
      if (value !== undefined) {
        tiles.push({
          left: numberAt(column / COLUMNS, x),
          right: numberAt((column + 1) / COLUMNS, x),
          bottom: numberAt(row / ROWS, y),
          top: numberAt((row + 1) / ROWS, y),
          value
        });
      }
    }
  }
  return tiles;
}

function valueAt(
  left: number,
  bottom: number,
  samples: readonly { readonly left: number; readonly bottom: number; readonly value: number }[],
  width: number
): number | undefined {
  let [sum, weights, nearest] = [0, 0, Infinity];
  for (const sample of samples) {
    const distance = ((sample.left - left) ** 2 + (sample.bottom - bottom) ** 2) / width ** 2;
    nearest = Math.min(nearest, distance);
    const weight = Math.exp(-distance / 2);
    sum += weight * sample.value;
    weights += weight;
  }
  return nearest > REACH ** 2 ? undefined : sum / weights;
}

/** The number at a place from 0 to 1: the other way round than `placeOf`. */
function numberAt(place: number, { low, high, isLog }: Range): number {
  return isLog ? low * (high / low) ** place : low + place * (high - low);
}
