import { plainText, stretchesOf } from '../ansi';

const ESC = '\x1b';

describe('stretchesOf', () => {
  it('takes colours and weights apart', () => {
    expect(stretchesOf(`a ${ESC}[1;31mred${ESC}[0m b`)).toEqual([
      { text: 'a ', ink: {} },
      { text: 'red', ink: { bold: true, color: 1 } },
      { text: ' b', ink: {} }
    ]);
  });

  it('knows bright, extended and true colours', () => {
    const inks = (codes: string): unknown => stretchesOf(`${ESC}[${codes}mx`)[0]?.ink;
    expect(inks('92')).toEqual({ color: 10 });
    expect(inks('41')).toEqual({ back: 1 });
    expect(inks('38;5;9')).toEqual({ color: 9 });
    expect(inks('38;5;208')).toEqual({ color: '#ff8700' });
    expect(inks('38;5;244')).toEqual({ color: '#808080' });
    expect(inks('48;2;1;2;300')).toEqual({ back: '#0102ff' });
  });

  it('goes back to the colour of the text, and keeps the rest', () => {
    const found = stretchesOf(`${ESC}[31;42mx${ESC}[39my${ESC}[49mz`);
    expect(found.map(({ ink }) => ink)).toEqual([{ color: 1, back: 2 }, { back: 2 }, {}]);
  });

  it.each([
    [`${ESC}[2K${ESC}[1Gprogress`, 'progress'],
    [`${ESC}]0;title\x07text`, 'text'],
    [`${ESC}]8;;https://x.org${ESC}\\link${ESC}]8;;${ESC}\\`, 'link'],
    ['10 %\r50 %\r100 %', '100 %'],
    ['windows\r', 'windows'],
    ['bell\x07 and \x00null', 'bell and null'],
    [`half ${ESC}[3`, 'half '],
    [`lone ${ESC}`, 'lone ']
  ])('shows nothing of what moves a cursor: %j', (line, text) => {
    expect(plainText(line)).toBe(text);
  });

  it('leaves markup the text that it is', () => {
    const line = '<img src=x onerror=alert(1)>';
    expect(stretchesOf(line)).toEqual([{ text: line, ink: {} }]);
  });

  it('survives what is no number', () => {
    expect(plainText(`${ESC}[38;5;999mx${ESC}[38;7my${ESC}[;mz`)).toBe('xyz');
  });
});
