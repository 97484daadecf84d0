/** From what the server says of a sweep's children to what its charts draw. */

import type { Charts } from '../../api/types';
import { placeOf, rangeOf, shortNumber, type Range } from '../../charts/scale';

/** How a child looks on a chart. */
export type Kind = 'good' | 'pruned' | 'failed' | 'open';

/** A child on a chart; `shown` is its value, or the edge of the chart where it is far off. */
export type Dot = {
  readonly id: string;
  readonly number: number;
  readonly kind: Kind;
  readonly value: number | null;
  readonly shown: number | null;
  readonly isBest: boolean;
};

/** A parameter as an axis; its cells are by the order of the dots. */
export type Axis = {
  readonly name: string;
  readonly importance: number | null;
  readonly isNumber: boolean;
  readonly cells: readonly Cell[];
  readonly range: Range;
  /** Of words: all there are, in the order of the alphabet. */
  readonly words: readonly string[];
};

/** A value on an axis; null where a child has none. */
export type Cell = number | string | null;

/** What all charts of a sweep share. */
export type Landscape = {
  readonly charts: Charts;
  readonly dots: readonly Dot[];
  readonly axes: readonly Axis[];
  /** Of the values as shown. */
  readonly range: Range;
  /** How many values lie beyond its edge. */
  readonly beyond: number;
};

/** So much of all values may lie beyond the edge, and only where the others would be squeezed. */
const FAR_OFF = 0.1;
const SQUEEZED = 4;

export function landscapeOf(charts: Charts): Landscape {
  const values = charts.values.filter(value => value !== null);
  const range = withoutFarOff(values, charts.direction);
  const best = charts.steps.at(-1)?.id;
  const dots = charts.ids.map((id, index) => {
    const value = charts.values[index] ?? null;
    return {
      id,
      number: charts.numbers[index] ?? index,
      kind: kindOf(charts.states[index] ?? 'pending'),
      value,
      shown: value === null ? null : Math.min(range.high, Math.max(range.low, value)),
      isBest: id === best
    };
  });
  return {
    charts,
    dots,
    axes: charts.parameters.map(axisOf),
    range,
    beyond: values.filter(value => value < range.low || value > range.high).length
  };
}

function kindOf(state: Charts['states'][number]): Kind {
  switch (state) {
    case 'pruned':
      return 'pruned';
    case 'pending':
    case 'running':
      return 'open';
    case 'failed':
    case 'lost':
    case 'cancelled':
      return 'failed';
    default:
      return 'good';
  }
}

/** The range of `values`, but for the worst tenth of them where that would squeeze the others. */
export function withoutFarOff(values: readonly number[], direction: Charts['direction']): Range {
  const whole = rangeOf(values);
  if (direction === '' || values.length < 1 / FAR_OFF) {
    return whole;
  }
  const sorted = [...values].sort((one, other) => one - other);
  const cut = Math.floor(sorted.length * FAR_OFF);
  const near = rangeOf(direction === 'min' ? sorted.slice(0, -cut) : sorted.slice(cut));
  return whole.high - whole.low > SQUEEZED * (near.high - near.low) ? near : whole;
}

function axisOf({ name, importance, logarithmic, values }: Charts['parameters'][number]): Axis {
  const base = { name, importance };
  const present = values.filter(value => value !== null);
  const numbers = present.filter(value => typeof value === 'number');
  if (numbers.length === present.length && numbers.length > 0) {
    const isLog = logarithmic && numbers.every(number => number > 0);
    const cells = values.map(value => (typeof value === 'number' ? value : null));
    return { ...base, isNumber: true, cells, range: rangeOf(numbers, isLog), words: [] };
  }
  const words = [...new Set(present.map(String))].sort();
  const cells = values.map(value => (value === null ? null : String(value)));
  const range = { low: 0, high: Math.max(1, words.length - 1) };
  return { ...base, isNumber: false, cells, range, words };
}

/** Where a cell stands on its axis, from 0 to 1; undefined where it has no place. */
export function placeOn({ range, words }: Axis, cell: Cell): number | undefined {
  return cell === null
    ? undefined
    : placeOf(typeof cell === 'number' ? cell : words.indexOf(cell), range);
}

/** What stands at the bottom and at the top of an axis. */
export function endsOf({ isNumber, range, words }: Axis): readonly [string, string] {
  return isNumber
    ? [shortNumber(range.low), shortNumber(range.high)]
    : [words[0] ?? '', words.at(-1) ?? ''];
}

/** How good a dot is among the others, from 0 to 1; undefined where nobody knows. */
export function goodness({ shown }: Dot, { range, charts }: Landscape): number | undefined {
  const place = shown === null || charts.direction === '' ? undefined : placeOf(shown, range);
  return place === undefined || charts.direction === 'max' ? place : 1 - place;
}
