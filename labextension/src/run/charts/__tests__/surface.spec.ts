import { surfaceOf } from '../surface';

const X = { low: 0, high: 10 };
const Y = { low: 0.01, high: 1, isLog: true };

describe('surfaceOf', () => {
  it('says nothing where no child is near', () => {
    const tiles = surfaceOf(
      Array.from({ length: 200 }, () => ({ x: 0, y: 0.01, value: 1 })),
      X,
      Y
    );
    expect(tiles.length).toBeGreaterThan(0);
    expect(Math.max(...tiles.map(({ right }) => right))).toBeLessThan(4);
    expect(Math.max(...tiles.map(({ top }) => top))).toBeLessThan(0.1);
  });

  it('is between the values around it, nearer to the nearer', () => {
    const samples = [
      { x: 4, y: 0.1, value: 0 },
      { x: 6, y: 0.1, value: 1 }
    ];
    const at = (x: number): number =>
      surfaceOf(samples, X, Y).find(
        tile => tile.left <= x && x < tile.right && tile.bottom <= 0.1 && 0.1 < tile.top
      )?.value ?? NaN;
    expect(at(4)).toBeLessThan(0.4);
    expect(at(6)).toBeGreaterThan(0.6);
  });

  it('passes over children without a place', () => {
    expect(surfaceOf([{ x: NaN, y: 0.1, value: 1 }], X, Y)).toEqual([]);
  });
});
