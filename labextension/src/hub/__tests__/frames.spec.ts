import { namesIn } from '../frames';

const answered = (frames: object): object => ({ status: 'ok', user_expressions: { frames } });

describe('namesIn', () => {
  it.each([
    ["'boxes,été'", ['boxes', 'été']],
    ["'boxes'", ['boxes']],
    ["''", []]
  ])('reads %s', (text, names) => {
    expect(namesIn(answered({ status: 'ok', data: { 'text/plain': text } }))).toEqual(names);
  });

  it('finds none where the kernel could not say', () => {
    expect(namesIn(answered({ status: 'error', ename: 'SyntaxError' }))).toEqual([]);
    expect(namesIn({ status: 'aborted' })).toEqual([]);
  });
});
