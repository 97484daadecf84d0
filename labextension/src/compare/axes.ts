/** What can be drawn of a comparison: values of all runs, from the bottom of an axis to its top. */

import type { CompareRow } from '../api/types';
import { placeOf, rangeOf, shortNumber, type Range } from '../charts/scale';

/** One axis. A run without a place has no such value. */
export type Axis = {
  readonly name: string;
  readonly group: CompareRow['group'];
  /** By the runs' order, from 0 to 1. */
  readonly places: readonly (number | undefined)[];
  /** What stands at the bottom and at the top. */
  readonly ends: readonly [string, string];
  /** The numbers behind the places; undefined where the values are words. */
  readonly numbers: readonly number[] | undefined;
  readonly range: Range;
};

/** Of more different words an axis says nothing. */
const WORDS = 8;
const GROUPS = ['parameters', 'results'];

/** The axes of those parameters and results that differ, parameters first; words stand in the order of the alphabet. */
export function axesOf(rows: readonly CompareRow[]): readonly Axis[] {
  return rows
    .filter(({ group, differs }) => differs && GROUPS.includes(group))
    .sort((left, right) => GROUPS.indexOf(left.group) - GROUPS.indexOf(right.group))
    .flatMap(row => axisOf(row) ?? []);
}

function axisOf(row: CompareRow): Axis | undefined {
  const present = row.cells.filter(cell => cell !== null);
  if (present.length === 0) {
    return undefined;
  }
  const base = { name: row.name, group: row.group };
  if (present.every(({ number }) => number !== null)) {
    const numbers = row.cells.map(cell => cell?.number ?? NaN);
    const range = rangeOf(numbers);
    return {
      ...base,
      places: numbers.map(number => placeOf(number, range)),
      ends: [shortNumber(range.low), shortNumber(range.high)],
      numbers,
      range
    };
  }
  const words = [...new Set(present.map(({ text }) => text))].sort();
  if (words.length > WORDS) {
    return undefined;
  }
  const range = { low: 0, high: Math.max(1, words.length - 1) };
  return {
    ...base,
    places: row.cells.map(cell =>
      cell === null ? undefined : words.indexOf(cell.text) / Math.max(1, words.length - 1)
    ),
    ends: [words[0] ?? '', words.at(-1) ?? ''],
    numbers: undefined,
    range
  };
}
