import type { Charts } from '../../../api/types';
import { goodness, landscapeOf, placeOn, withoutFarOff } from '../landscape';

const CHARTS: Charts = {
  total: 4,
  result: 'loss',
  results: ['loss'],
  direction: 'min',
  ids: ['a', 'b', 'c', 'd'],
  numbers: [0, 1, 2, 3],
  states: ['succeeded', 'failed', 'pruned', 'running'],
  values: [0.2, null, 0.6, null],
  parameters: [
    { name: 'lr', logarithmic: true, importance: 0.5, values: [0.001, 0.1, 0.01, 0.1] },
    { name: 'kind', logarithmic: false, importance: null, values: ['b', 'a', true, null] }
  ],
  hidden: 0,
  compared: 2,
  steps: [{ id: 'a', number: 0, value: 0.2 }]
};

describe('landscapeOf', () => {
  const { dots, axes } = landscapeOf(CHARTS);

  it('tells good, failed, pruned and open children apart, and which is the best', () => {
    expect(dots.map(({ kind }) => kind)).toEqual(['good', 'failed', 'pruned', 'open']);
    expect(dots.map(({ isBest }) => isBest)).toEqual([true, false, false, false]);
  });

  it('has numbers where all values are some, and else words', () => {
    expect(axes.map(({ isNumber }) => isNumber)).toEqual([true, false]);
    expect(axes[1]?.words).toEqual(['a', 'b', 'true']);
  });

  it('puts values on axes, logarithmic ones by their logarithm', () => {
    const [rate, kind] = axes;
    expect(rate && placeOn(rate, 0.01)).toBeCloseTo(0.5);
    expect(kind && placeOn(kind, 'b')).toBe(0.5);
    expect(kind && placeOn(kind, null)).toBeUndefined();
  });

  it('knows that less may be better', () => {
    const landscape = landscapeOf(CHARTS);
    expect(dots.map(dot => goodness(dot, landscape))).toEqual([1, undefined, 0, undefined]);
  });

  it('calls none good where nobody said what is', () => {
    const landscape = landscapeOf({ ...CHARTS, direction: '', steps: [] });
    expect(landscape.dots.map(dot => goodness(dot, landscape))).toEqual(Array(4).fill(undefined));
  });
});

describe('withoutFarOff', () => {
  const many = Array.from({ length: 50 }, (_, index) => 1 + index / 50);

  it('leaves those out that would squeeze the others', () => {
    expect(withoutFarOff([...many, 1e6], 'min').high).toBeLessThan(3);
    expect(withoutFarOff([...many, -1e6], 'max').low).toBeGreaterThan(0);
  });

  it('never leaves out the best, nor any where nobody said which way is better', () => {
    expect(withoutFarOff([...many, -1e6], 'min').low).toBe(-1e6);
    expect(withoutFarOff([...many, 1e6], '').high).toBe(1e6);
    expect(withoutFarOff(many, 'min').high).toBe(1.98);
  });
});
