/** A cell's text changed by us: the least that is needed, in one step of undo. */

import type { ICellModel } from '@jupyterlab/cells';

/** Put `text` into the place from `start` to `end`. */
export type TextChange = {
  readonly start: number;
  readonly end: number;
  readonly text: string;
};

/** The smallest change that makes `before` into `after`; undefined where they are the same. */
export function changeOf(before: string, after: string): TextChange | undefined {
  if (before === after) {
    return undefined;
  }
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) {
    start += 1;
  }
  if (isInsidePair(before, start) || isInsidePair(after, start)) {
    start -= 1;
  }
  let tail = 0;
  while (tail < most - start && before.at(-1 - tail) === after.at(-1 - tail)) {
    tail += 1;
  }
  if (isInsidePair(before, before.length - tail) || isInsidePair(after, after.length - tail)) {
    tail -= 1;
  }
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

/** Give a cell another text. Where the cursor is in what stays, it stays. */
export function rewrite({ sharedModel }: ICellModel, source: string): void {
  const change = changeOf(sharedModel.getSource(), source);
  if (change) {
    const undo: unknown = Reflect.get(sharedModel, 'undoManager'); // what is typed just before is another step
    stopCapturing(undo);
    sharedModel.updateSource(change.start, change.end, change.text);
    stopCapturing(undo);
  }
}

function stopCapturing(undo: unknown): void {
  if (typeof undo === 'object' && undo !== null && 'stopCapturing' in undo) {
    (undo as { stopCapturing: () => void }).stopCapturing();
  }
}

/** Whether a place is between the two halves of one character. */
function isInsidePair(text: string, place: number): boolean {
  const code = text.charCodeAt(place);
  return place > 0 && code >= 0xdc00 && code <= 0xdfff;
}
