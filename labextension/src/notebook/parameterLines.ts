/** The declarations of parameters at the top of a function's cell, changed as a list. */

const OPTION_LINE = /^\s*(?:%%mlrun\b|#\|)/;
const DECLARATION = /^([^\s:=]+)\s*:\s*[^=]*?(=.*)?$/;

/**
 * A cell in which the declarations `before`, as the server read them, are those of `after`.
 *
 * What is taken away becomes a plain assignment again, so that the code still has its value; what is new comes behind
 * the others. Returns undefined where one of them does not stand on a line of its own.
 */
export function withParameters(
  source: string,
  before: readonly string[],
  after: readonly (string | null)[]
): string | undefined {
  const lines = source.split('\n');
  let last = lines.reduce((found, line, at) => (OPTION_LINE.test(line) ? at : found), -1);
  for (const [position, declaration] of before.entries()) {
    const number = lines.findIndex((line, at) => at > last && isDeclared(line, declaration));
    const wanted = after[position];
    if (number < 0) {
      if (wanted === declaration) {
        continue;
      }
      return undefined;
    }
    last = wanted === null || wanted === undefined ? last : number;
    if (wanted !== declaration) {
      const line = lines[number] ?? '';
      const written = wanted ?? plain(declaration);
      lines.splice(
        number,
        1,
        ...(written === '' ? [] : [written + line.slice(declaration.length)])
      );
    }
  }
  const added = after.slice(before.length).filter(each => each !== null && each.trim() !== '');
  lines.splice(last + 1, 0, ...added.map(each => each ?? ''));
  return lines.join('\n');
}

function isDeclared(line: string, declaration: string): boolean {
  return (
    line === declaration ||
    (line.startsWith(declaration) && /^\s*(?:#|$)/.test(line.slice(declaration.length)))
  );
}

/** A declaration as an assignment; nothing where it has no value. */
function plain(declaration: string): string {
  const found = DECLARATION.exec(declaration);
  const [, name = '', value] = found ?? [];
  return value === undefined ? '' : `${name} ${value}`;
}
