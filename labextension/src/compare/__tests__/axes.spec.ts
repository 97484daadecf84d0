import type { Cell, CompareRow } from '../../api/types';
import { axesOf } from '../axes';

const cell = (value: number | string): Cell => ({
  text: String(value),
  number: typeof value === 'number' ? value : null,
  best: false
});
const row = (
  name: string,
  group: CompareRow['group'],
  values: readonly (number | string | null)[],
  differs = true
): CompareRow => ({
  name,
  group,
  differs,
  cells: values.map(value => (value === null ? null : cell(value)))
});

describe('axesOf', () => {
  it('takes parameters and results that differ, parameters first', () => {
    const rows = [
      row('accuracy', 'results', [0.9, 0.8, 1]),
      row('lr', 'parameters', [1, 2, 3]),
      row('same', 'parameters', [1, 1, 1], false),
      row('engine', 'settings', ['a', 'b', 'c'])
    ];
    expect(axesOf(rows).map(({ name }) => name)).toEqual(['lr', 'accuracy']);
  });

  it('puts numbers between the least and the greatest; a run without one has no place', () => {
    const [axis] = axesOf([row('lr', 'parameters', [1, 3, null, 2])]);
    expect(axis?.places).toEqual([0, 1, undefined, 0.5]);
    expect(axis?.ends).toEqual(['1', '3']);
  });

  it('puts words in the order of the alphabet', () => {
    const [axis] = axesOf([row('mode', 'parameters', ['slow', 'fast', 'slow'])]);
    expect(axis?.places).toEqual([1, 0, 1]);
    expect(axis?.ends).toEqual(['fast', 'slow']);
    expect(axis?.numbers).toBeUndefined();
  });

  it('draws no axis of very many words, nor of nothing', () => {
    const words = Array.from({ length: 9 }, (_, index) => `w${index}`);
    expect(axesOf([row('note', 'parameters', words)])).toEqual([]);
    expect(axesOf([row('none', 'results', [null, null])])).toEqual([]);
  });
});
