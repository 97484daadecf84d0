import type { CodeLine } from '../../api/types';
import { folded } from '../folded';

const line = (number: number, kind: CodeLine['kind'] = 'same'): CodeLine => ({
  kind,
  old_number: number,
  old: `${number}`,
  new_number: number,
  new: `${number}`
});
const lines = (count: number, changed: readonly number[]): readonly CodeLine[] =>
  Array.from({ length: count }, (_, index) =>
    line(index + 1, changed.includes(index) ? 'changed' : 'same')
  );
const shape = (rows: ReturnType<typeof folded>): readonly (string | number | null)[] =>
  rows.map(row => ('gap' in row ? `gap ${row.gap}` : row.old_number));

describe('folded', () => {
  it('keeps three lines around a change', () => {
    expect(shape(folded(lines(20, [10]), new Set()))).toEqual([
      'gap 7',
      8,
      9,
      10,
      11,
      12,
      13,
      14,
      'gap 6'
    ]);
  });

  it('opens a gap that was asked for, and folds no single line', () => {
    expect(shape(folded(lines(20, [10]), new Set([0]))).slice(0, 8)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8
    ]);
    expect(shape(folded(lines(12, [1, 9]), new Set()))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
    ]);
  });

  it('marks where the server left lines out', () => {
    expect(shape(folded([line(1, 'changed'), line(50, 'changed')], new Set()))).toEqual([
      1,
      'gap 0',
      50
    ]);
  });
});
