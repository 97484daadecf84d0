import type { CellRow } from '../../api/types';
import { spansOf, telling } from '../spans';

const cell = (index: number, duration_s: number, more: Partial<CellRow> = {}): CellRow => ({
  index,
  name: '',
  role: '',
  state: 'succeeded',
  origin: null,
  duration_s,
  cpu_s: 0,
  peak_memory_bytes: 0,
  output_bytes: 0,
  machinery: false,
  ...more
});

describe('spansOf', () => {
  it('puts cells one after the other', () => {
    const found = spansOf([cell(0, 1), cell(1, 3), cell(2, 0, { state: 'pending' })]);
    expect(found.map(({ left, width }) => [left, width])).toEqual([
      [0, 0.25],
      [0.25, 0.75],
      [1, 0]
    ]);
  });

  it('lets the one that runs grow, and keeps the shortest in sight', () => {
    const [first, second] = spansOf([cell(0, 0.001), cell(1, 0, { state: 'running' })], 100);
    expect(first?.width).toBe(0.004);
    expect((second?.left ?? 0) + (second?.width ?? 0)).toBeLessThanOrEqual(1);
  });

  it('survives cells without any length', () => {
    expect(spansOf([cell(0, 0)])[0]?.width).toBe(0);
  });
});

describe('telling', () => {
  it('leaves machinery out unless the run ended there or it took its time', () => {
    const cells = [
      cell(0, 0.01, { machinery: true }),
      cell(1, 10),
      cell(2, 5, { machinery: true }),
      cell(3, 0, { machinery: true, state: 'failed' }),
      cell(4, 0, { machinery: true, state: 'cancelled' }),
      cell(5, 0, { machinery: true, state: 'pending' })
    ];
    expect(telling(cells).map(({ index }) => index)).toEqual([1, 2, 3, 4]);
  });
});
