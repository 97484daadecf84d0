import {
  linesIn,
  lowest,
  MOST_PX,
  ROW_PX,
  scaleOf,
  scrollHeight,
  scrollTopOf,
  topFor,
  topOf
} from '../window';

const short = { lines: 100, height: 500 };
const long = { lines: 5_000_000, height: 500 };

describe('a log that fits', () => {
  it('is scrolled pixel by pixel', () => {
    expect(scrollHeight(short)).toBe(100 * ROW_PX);
    expect(scaleOf(short)).toBe(1);
    expect(topOf(123, short)).toBe(123);
  });

  it('shows the lines of its window, and no others', () => {
    expect(linesIn(0, short)).toEqual([0, 27]);
    expect(linesIn(lowest(short), short)).toEqual([72, 99]);
    expect(linesIn(0, { lines: 3, height: 500 })).toEqual([0, 2]);
    expect(linesIn(0, { lines: 0, height: 500 })).toEqual([0, -1]);
  });
});

describe('a log of five million lines', () => {
  it('is no higher than a browser takes', () => {
    expect(scrollHeight(long)).toBe(MOST_PX);
  });

  it('can be scrolled to its first and its last line', () => {
    expect(linesIn(topOf(0, long), long)[0]).toBe(0);
    expect(linesIn(topOf(MOST_PX - long.height, long), long)[1]).toBe(long.lines - 1);
  });

  it('finds back from the bar to the lines', () => {
    for (const top of [0, 1, 777_777, lowest(long)]) {
      expect(topOf(scrollTopOf(top, long), long)).toBeCloseTo(top, 3);
    }
  });
});

describe('topFor', () => {
  it('stays where the line is in sight', () => {
    expect(topFor(10, 0, short)).toBe(0);
  });

  it('puts another line into the upper third, within what there is', () => {
    expect(topFor(50, 0, short)).toBeCloseTo(50 * ROW_PX - 500 / 3);
    expect(topFor(99, 0, short)).toBe(lowest(short));
    expect(topFor(0, 900, short)).toBe(0);
  });
});
