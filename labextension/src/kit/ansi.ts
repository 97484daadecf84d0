/** Text as terminals get it: colours and weights as pieces, and nothing of what would move a cursor. */

/** How a piece looks. A colour is a number of the 16 that themes have, or `#rrggbb`. */
export type Ink = {
  readonly color?: number | string;
  readonly back?: number | string;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
};

/** A stretch of text in one ink. */
export type Stretch = { readonly text: string; readonly ink: Ink };

const PLAIN: Ink = {};
/** What begins with Escape, or with the one character that stands for `ESC [`. Links and titles end with BEL or `ESC \`. */
const SEQUENCE =
  // eslint-disable-next-line no-control-regex -- these are the characters that it is about
  /(?:\x1b\[|\x9b)([0-?]*)[ -/]*([@-~]|$)|\x1b[\]P^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]|\x1b/g;
// eslint-disable-next-line no-control-regex -- what a page has no use for
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** The pieces of one line. What a carriage return wrote over is gone, as it is on a terminal. */
export function stretchesOf(line: string, begin: Ink = PLAIN): readonly Stretch[] {
  const found: Stretch[] = [];
  let ink = begin;
  let at = 0;
  const take = (text: string): void => {
    const clean = text.replace(CONTROL, '');
    if (clean !== '') {
      found.push({ text: clean, ink });
    }
  };
  const seen = overwritten(line);
  for (const match of seen.matchAll(SEQUENCE)) {
    take(seen.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[2] === 'm') {
      ink = inkAfter(ink, match[1] ?? '');
    }
  }
  take(seen.slice(at));
  return found;
}

/** A line without its colours. */
export function plainText(line: string): string {
  return stretchesOf(line)
    .map(({ text }) => text)
    .join('');
}

function overwritten(line: string): string {
  const end = line.replace(/\r+$/, '');
  return end.slice(end.lastIndexOf('\r') + 1);
}

/** `before`, changed by the numbers of a sequence such as `1;31`. */
function inkAfter(before: Ink, numbers: string): Ink {
  const codes = numbers.split(/[;:]/).map(each => (each === '' ? 0 : Number(each)));
  let ink = before;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const [color, used] = colorOf(codes.slice(at + 1));
      at += used;
      ink = color === undefined ? ink : { ...ink, [code === 38 ? 'color' : 'back']: color };
    } else {
      ink = inkOf(ink, code);
    }
  }
  return ink;
}

function inkOf(ink: Ink, code: number): Ink {
  const { color, back, ...rest } = ink;
  const both = { ...(color !== undefined && { color }), ...(back !== undefined && { back }) };
  if (code >= 30 && code <= 37) {
    return { ...ink, color: code - 30 };
  }
  if (code >= 90 && code <= 97) {
    return { ...ink, color: code - 82 };
  }
  if (code >= 40 && code <= 47) {
    return { ...ink, back: code - 40 };
  }
  if (code >= 100 && code <= 107) {
    return { ...ink, back: code - 92 };
  }
  switch (code) {
    case 0:
      return PLAIN;
    case 1:
      return { ...ink, bold: true };
    case 3:
      return { ...ink, italic: true };
    case 4:
      return { ...ink, underline: true };
    case 22:
      return { ...ink, bold: false };
    case 23:
      return { ...ink, italic: false };
    case 24:
      return { ...ink, underline: false };
    case 39:
      return { ...rest, ...(back !== undefined && { back }) };
    case 49:
      return { ...rest, ...(color !== undefined && { color }) };
    default:
      return { ...rest, ...both };
  }
}

/** The colour behind `38` or `48`: of 256, or of three parts; and how many numbers say it. */
function colorOf([kind, ...values]: readonly number[]): [number | string | undefined, number] {
  if (kind === 5) {
    return [values[0] === undefined ? undefined : of256(values[0]), 2];
  }
  if (kind === 2) {
    const parts = values.slice(0, 3);
    return [parts.length === 3 ? hex(parts) : undefined, 4];
  }
  return [undefined, 0];
}

function of256(number: number): number | string | undefined {
  if (!(number >= 0 && number <= 255)) {
    return undefined;
  }
  if (number < 16) {
    return number;
  }
  if (number >= 232) {
    const grey = 8 + (number - 232) * 10;
    return hex([grey, grey, grey]);
  }
  const cube = number - 16;
  return hex(
    [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(each =>
      each === 0 ? 0 : 55 + each * 40
    )
  );
}

function hex(parts: readonly number[]): string {
  const two = (part: number): string =>
    Math.max(0, Math.min(255, Math.round(part) || 0))
      .toString(16)
      .padStart(2, '0');
  return `#${parts.map(two).join('')}`;
}
