/** A list of any length of which only what is seen is drawn. */

import * as React from 'react';
import { offsetsOf, visibleRange } from './offsets';
import { useStill } from './still';

/** What a windowed list shows, and how high each item is, in pixels. */
export interface IWindowedProps<T> {
  readonly items: readonly T[];
  readonly heightOf: (item: T) => number;
  readonly keyOf: (item: T) => string;
  readonly draw: (item: T, index: number) => React.ReactNode;
  /** Called with the indexes of the first and the last item that are drawn. */
  readonly onShown?: (first: number, last: number) => void;
  /** The item that is to be in sight. */
  readonly reveal?: number | undefined;
  /** What the scrolling element is to accessible technology and to the keyboard. */
  readonly root: React.HTMLAttributes<HTMLDivElement>;
}

const OVERSCAN_PX = 400;

/** A scrolling list; its parent gives it its height. What comes in while an item is pressed is drawn after that. */
export function Windowed<T>(props: IWindowedProps<T>): React.ReactElement {
  const [still, press] = useStill(props);
  const { items, heightOf, keyOf, draw, onShown, reveal, root } = still;
  const node = React.useRef<HTMLDivElement>(null);
  const [view, setView] = React.useState({ top: 0, height: 600 });
  const offsets = React.useMemo(() => offsetsOf(items.map(heightOf)), [items, heightOf]);
  React.useLayoutEffect(() => watchView(node.current, setView), []);
  const revealed = reveal === undefined ? undefined : items[reveal];
  React.useLayoutEffect(() => {
    scrollTo(node.current, offsets, reveal);
  }, [revealed && keyOf(revealed)]); // once: what comes in above it moves nothing
  const [first, last] = visibleRange(
    offsets,
    view.top - OVERSCAN_PX,
    view.top + view.height + OVERSCAN_PX
  );
  React.useEffect(() => onShown?.(first, last), [first, last, items]);
  return (
    <div {...root} ref={node} className={`jp-mlrun-nb-Windowed ${root.className ?? ''}`}>
      <div
        role="presentation"
        style={{ height: offsets[items.length], position: 'relative' }}
        onPointerDown={press}
      >
        {items.slice(first, last + 1).map((item, position) => (
          <div
            key={keyOf(item)}
            role="presentation"
            className="jp-mlrun-nb-Windowed-item"
            style={{ transform: `translateY(${offsets[first + position] ?? 0}px)` }}
          >
            {draw(item, first + position)}
          </div>
        ))}
      </div>
    </div>
  );
}

type View = { readonly top: number; readonly height: number };

/** Follow how far the list is scrolled and how high it is, once a frame at most. */
function watchView(node: HTMLDivElement | null, setView: (view: View) => void): () => void {
  if (node === null) {
    return () => undefined;
  }
  let frame = 0;
  const look = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      setView({ top: node.scrollTop, height: node.clientHeight });
    });
  };
  const resized = new ResizeObserver(look);
  resized.observe(node);
  node.addEventListener('scroll', look, { passive: true });
  setView({ top: node.scrollTop, height: node.clientHeight });
  return () => {
    cancelAnimationFrame(frame);
    resized.disconnect();
    node.removeEventListener('scroll', look);
  };
}

function scrollTo(
  node: HTMLDivElement | null,
  offsets: readonly number[],
  index: number | undefined
): void {
  const top = index === undefined ? undefined : offsets[index];
  const bottom = index === undefined ? undefined : offsets[index + 1];
  if (node === null || top === undefined || bottom === undefined) {
    return;
  }
  if (top < node.scrollTop) {
    node.scrollTop = top;
  } else if (bottom > node.scrollTop + node.clientHeight) {
    node.scrollTop = bottom - node.clientHeight;
  }
}
