/** Which lines of a long log stand in its window: browsers end at some 17 million pixels, logs do not. */

/** The height of a line that is not wrapped. */
export const ROW_PX = 18;

/** No browser that we know cuts an element of this height. */
export const MOST_PX = 12_000_000;

/** How many lines there are, and how high the window is in pixels. */
export type View = { readonly lines: number; readonly height: number };

/** The height of what is scrolled: that of all lines, or the most that a browser takes. */
export function scrollHeight({ lines, height }: View): number {
  return Math.max(height, Math.min(lines * ROW_PX, MOST_PX));
}

/** How far down the window can go, in pixels of lines. */
export function lowest({ lines, height }: View): number {
  return Math.max(0, lines * ROW_PX - height);
}

/** How many pixels of lines one pixel of the scroll bar stands for. */
export function scaleOf(view: View): number {
  const range = scrollHeight(view) - view.height;
  return range > 0 ? lowest(view) / range : 1;
}

/** Where the window stands in pixels of lines when the scroll bar stands at `scrollTop`. */
export function topOf(scrollTop: number, view: View): number {
  return clamp(scrollTop * scaleOf(view), view);
}

/** Where the scroll bar stands when the window is at `top`. */
export function scrollTopOf(top: number, view: View): number {
  return clamp(top, view) / (scaleOf(view) || 1);
}

/** `top`, within what there is. */
export function clamp(top: number, view: View): number {
  return Math.max(0, Math.min(top, lowest(view)));
}

/** The first and the last line of which something is seen; the last one is below the first where there are none. */
export function linesIn(top: number, { lines, height }: View): [number, number] {
  const first = Math.min(Math.floor(top / ROW_PX), Math.max(0, lines - 1));
  return [first, Math.min(lines - 1, Math.floor((top + height) / ROW_PX))];
}

/** Where the window has to go so that `line` is seen; where it already is in sight it stays. */
export function topFor(line: number, top: number, view: View): number {
  const at = line * ROW_PX;
  const isSeen = at >= top && at + ROW_PX <= top + view.height;
  return isSeen ? top : clamp(at - view.height / 3, view);
}
