import { age, clockTime, duration, size, when } from '../humane';

describe('numbers as people say them', () => {
  it.each([
    [0, '0 ms'],
    [0.0123, '12 ms'],
    [1.14, '1.1 s'],
    [59.94, '59.9 s'],
    [59.96, '1 min'],
    [72.4, '1 min 12 s'],
    [7500, '2 h 5 min'],
    [273_600, '3 d 4 h']
  ])('says how long %p seconds are', (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });

  it.each([
    [42, '0:42'],
    [3723, '1:02:03'],
    [-1, '0:00']
  ])('shows %p seconds on a clock', (seconds, words) => {
    expect(clockTime(seconds)).toBe(words);
  });

  it.each([
    [512, '512 B'],
    [1_258_291, '1.2 MiB'],
    [15_032_385_536, '14 GiB'],
    [1_048_575, '1.0 MiB']
  ])('says how large %p bytes are', (bytes, words) => {
    expect(size(bytes)).toBe(words);
  });

  it('says how long ago in the largest unit, and never in the future', () => {
    const now = new Date('2026-11-26T10:00:00');
    expect(age(new Date('2026-11-26T09:29:00'), now)).toBe('31 min');
    expect(age(new Date('2026-11-26T10:00:05'), now)).toBe('0 s');
    expect(when(new Date('2026-11-25T18:02:00'), now)).toBe('18:02');
  });
});
