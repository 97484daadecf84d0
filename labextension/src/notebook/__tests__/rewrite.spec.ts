import { changeOf, type TextChange } from '../rewrite';

function applied(text: string, change: TextChange | undefined): string {
  return change ? text.slice(0, change.start) + change.text + text.slice(change.end) : text;
}

describe('changeOf', () => {
  it.each([
    ['', ''],
    ['a', 'a'],
    ['', 'abc'],
    ['abc', ''],
    ['%%mlrun f\nx = 1', '%%mlrun f --cpu 4\nx = 1'],
    ['aaa', 'aa'],
    ['aa', 'aaa'],
    ['abab', 'ab'],
    ['x🙂y', 'x🙃y'],
    ['🙂🙂', '🙂'],
    ['a🙂', 'a🙃🙂']
  ])('makes %j into %j', (before, after) => {
    expect(applied(before, changeOf(before, after))).toBe(after);
  });

  it('touches only what differs', () => {
    expect(changeOf('%%mlrun f\nx = 1', '%%mlrun f --cpu 4\nx = 1')).toEqual({
      start: 9,
      end: 9,
      text: ' --cpu 4'
    });
  });

  it('never parts the halves of a character', () => {
    expect(changeOf('x🙂y', 'x🙃y')).toEqual({ start: 1, end: 3, text: '🙃' });
  });
});
