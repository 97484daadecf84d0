import { isNewer } from '../order';

describe('isNewer', () => {
  it.each([
    ['1.10.0', '1.9.0', true],
    ['2.0.0', '1.10.3', true],
    ['1.0.0', '1.0.0', false],
    ['1.9.0', '1.10.0', false]
  ])('%s after %s: %s', (one, other, is) => {
    expect(isNewer(one, other)).toBe(is);
  });
});
