/** Which lines of a comparison are shown. */

import type { CodeLine } from '../api/types';

/** So many lines around a change are shown. */
const AROUND = 3;

/** A line, or a gap of so many equal lines. */
export type Row = CodeLine | { readonly gap: number; readonly from: number };

/** Equal lines far from a change as a gap, unless it was opened; numbers that jump are a gap that the server made. */
export function folded(lines: readonly CodeLine[], open: ReadonlySet<number>): readonly Row[] {
  const near = new Set<number>();
  lines.forEach((line, index) => {
    if (line.kind !== 'same') {
      for (let each = index - AROUND; each <= index + AROUND; each += 1) {
        near.add(each);
      }
    }
  });
  const rows: Row[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at];
    const before = lines[at - 1];
    if (line === undefined) {
      break;
    }
    if (before && jumps(before, line)) {
      rows.push({ gap: 0, from: -1 - at });
    }
    let end = at;
    while (end < lines.length && !near.has(end)) {
      end += 1;
    }
    if (end - at > 1 && !open.has(at)) {
      rows.push({ gap: end - at, from: at });
      at = end - 1;
    } else if (end > at) {
      rows.push(...lines.slice(at, end));
      at = end - 1;
    } else {
      rows.push(line);
    }
  }
  return rows;
}

function jumps(before: CodeLine, line: CodeLine): boolean {
  const [old, now] = [before.old_number, line.old_number];
  return old !== null && now !== null && now > old + 1;
}
