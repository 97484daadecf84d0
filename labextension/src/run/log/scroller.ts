/** Moves a window over the lines of a log; the scroll bar may stand for more lines than it has pixels. */

import * as React from 'react';
import { clamp, lowest, ROW_PX, scaleOf, scrollTopOf, topOf } from './window';

/** Where the window stands, and what moves it. */
export interface IScroller {
  /** In pixels of lines. */
  readonly top: number;
  readonly height: number;
  readonly node: React.RefObject<HTMLDivElement>;
  /** Go there; it does not count as the reader's own doing. */
  readonly goTo: (top: number) => void;
  readonly onScroll: () => void;
  readonly onKeyDown: (event: React.KeyboardEvent) => void;
}

/** Moves by so many lines, or by windows. */
const KEYS: Record<string, (height: number) => number> = {
  ArrowDown: () => ROW_PX,
  ArrowUp: () => -ROW_PX,
  PageDown: height => height - ROW_PX,
  PageUp: height => ROW_PX - height,
  ' ': height => height - ROW_PX,
  Home: () => -Infinity,
  End: () => Infinity
};

/**
 * A window over `lines` lines.
 *
 * @param onMoved called when the reader has moved it, with whether it now stands at the end
 */
export function useScroller(lines: number, onMoved: (isAtEnd: boolean) => void): IScroller {
  const node = React.useRef<HTMLDivElement>(null);
  const [height, setHeight] = React.useState(0);
  const [top, setTop] = React.useState(0);
  const view = { lines, height };
  const now = React.useRef({ view, top, set: -1 });
  now.current.view = view;

  const place = (to: number): void => {
    const { view: seen } = now.current;
    const next = clamp(to, seen);
    now.current.top = next;
    setTop(next);
    if (node.current) {
      node.current.scrollTop = scrollTopOf(next, seen);
      now.current.set = node.current.scrollTop;
    }
  };
  const move = (by: number): void => {
    place(now.current.top + by);
    onMoved(now.current.top >= lowest(now.current.view) - 1);
  };
  const latest = React.useRef(move);
  latest.current = move;

  React.useLayoutEffect(() => {
    const element = node.current;
    if (!element) {
      return;
    }
    const look = (): void => {
      setHeight(element.clientHeight);
    };
    const onWheel = (event: WheelEvent): void => {
      // A notch of the wheel moves as far as anywhere else, however many lines a pixel of the bar stands for.
      if (
        scaleOf(now.current.view) > 1.01 &&
        !event.shiftKey &&
        event.deltaY !== 0 &&
        !event.ctrlKey
      ) {
        event.preventDefault();
        latest.current(event.deltaY * (event.deltaMode === 1 ? ROW_PX : 1));
      }
    };
    const resized = new ResizeObserver(look);
    resized.observe(element);
    element.addEventListener('wheel', onWheel, { passive: false });
    look();
    return () => {
      resized.disconnect();
      element.removeEventListener('wheel', onWheel);
    };
  }, []);

  return {
    top: clamp(top, view),
    height,
    node,
    goTo: place,
    onScroll: () => {
      const { current } = node;
      if (!current || Math.abs(current.scrollTop - now.current.set) < 1) {
        return;
      }
      now.current.set = -1;
      now.current.top = topOf(current.scrollTop, view);
      setTop(now.current.top);
      onMoved(now.current.top >= lowest(view) - 1);
    },
    onKeyDown: event => {
      const by = KEYS[event.key]?.(height);
      if (by !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        event.stopPropagation();
        latest.current(by);
      }
    }
  };
}
