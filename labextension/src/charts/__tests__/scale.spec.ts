import { placeOf, rangeOf, shortNumber, smoothed, ticksOf } from '../scale';

describe('rangeOf', () => {
  it('leaves out what has no place', () => {
    expect(rangeOf([NaN, 2, Infinity, -1])).toEqual({ low: -1, high: 2, isLog: false });
    expect(rangeOf([0, -5, 10, 1000], true)).toEqual({ low: 10, high: 1000, isLog: true });
  });

  it('gives one number room, and none at all a range', () => {
    expect(rangeOf([5])).toEqual({ low: 4.5, high: 5.5, isLog: false });
    expect(rangeOf([0, 0])).toEqual({ low: -1, high: 1, isLog: false });
    expect(rangeOf([])).toEqual({ low: 0, high: 1, isLog: false });
    expect(rangeOf([-1], true)).toEqual({ low: 0.1, high: 1, isLog: true });
  });
});

describe('placeOf', () => {
  it('goes from 0 to 1', () => {
    expect([2, 3, 4].map(each => placeOf(each, { low: 2, high: 4 }))).toEqual([0, 0.5, 1]);
    expect(placeOf(10, { low: 1, high: 100, isLog: true })).toBeCloseTo(0.5);
    expect(placeOf(0, { low: 1, high: 100, isLog: true })).toBeUndefined();
    expect(placeOf(NaN, { low: 0, high: 1 })).toBeUndefined();
  });
});

describe('ticksOf', () => {
  it('is round', () => {
    expect(ticksOf({ low: 0.1, high: 0.97 })).toEqual([0.2, 0.4, 0.6, 0.8]);
    expect(ticksOf({ low: 0, high: 200 })).toEqual([0, 50, 100, 150, 200]);
    expect(ticksOf({ low: -0.3, high: 0.3 }, 3)).toEqual([-0.2, 0, 0.2]);
  });

  it('takes powers of ten for a logarithmic axis, where there are two of them', () => {
    expect(ticksOf({ low: 0.005, high: 20, isLog: true })).toEqual([0.01, 0.1, 1, 10]);
    expect(ticksOf({ low: 2, high: 8, isLog: true }, 3)).toEqual([2, 4, 6, 8]);
    expect(ticksOf({ low: 1e-12, high: 1e12, isLog: true }, 5)).toHaveLength(5);
  });
});

describe('shortNumber', () => {
  it.each([
    [0, '0'],
    [0.96234567, '0.9623'],
    [1234567, '1.23e6'],
    [12345.6, '12,346'],
    [0.00001234, '1.23e-5'],
    [NaN, 'NaN'],
    [-2.5, '-2.5']
  ])('%d', (number, text) => {
    expect(shortNumber(number)).toBe(text);
  });
});

describe('smoothed', () => {
  it('begins at the first number and follows the others', () => {
    expect(smoothed([1, 1, 1], 0.8)).toEqual([1, 1, 1].map(each => expect.closeTo(each) as number));
    const found = smoothed([0, 10], 0.5);
    expect(found[0]).toBe(0);
    expect(found[1]).toBeCloseTo(20 / 3);
    expect(smoothed([3, 7], 0)).toEqual([3, 7]);
  });

  it('lets what is no number be', () => {
    expect(smoothed([1, NaN, 1], 0.9)[1]).toBeNaN();
  });
});
