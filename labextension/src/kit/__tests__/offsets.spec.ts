import { offsetsOf, visibleRange } from '../offsets';

const offsets = offsetsOf([26, 44, 44, 26, 44]);

describe('which items are between two heights', () => {
  it('knows where each begins, and the height of all', () => {
    expect(offsets).toEqual([0, 26, 70, 114, 140, 184]);
  });

  it.each([
    [-400, 10, [0, 0]],
    [26, 69, [1, 1]],
    [69, 70, [1, 2]],
    [100, 10_000, [2, 4]]
  ])('finds those from %p to %p', (top, bottom, range) => {
    expect(visibleRange(offsets, top, bottom)).toEqual(range);
  });

  it('finds none in an empty list', () => {
    expect(visibleRange(offsetsOf([]), 0, 100)).toEqual([0, -1]);
  });
});
