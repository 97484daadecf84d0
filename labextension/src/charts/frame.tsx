/** The axes of a chart, and its size. */

import * as React from 'react';
import { placeOf, shortNumber, ticksOf, type Range } from './scale';

/** Pixels around what is drawn. */
export const MARGIN = { left: 52, right: 12, top: 8, bottom: 24 } as const;

/** How wide an element is; 0 until it was measured. */
export function useWidth(): readonly [React.RefObject<HTMLDivElement>, number] {
  const node = React.useRef<HTMLDivElement>(null);
  const [width, setWidth] = React.useState(0);
  React.useLayoutEffect(() => {
    const element = node.current;
    if (!element) {
      return;
    }
    const look = (): void => {
      setWidth(Math.floor(element.clientWidth));
    };
    const resized = new ResizeObserver(look);
    resized.observe(element);
    look();
    return () => {
      resized.disconnect();
    };
  }, []);
  return [node, width];
}

/** From numbers to pixels of a chart. */
export type Frame = {
  readonly width: number;
  readonly height: number;
  readonly x: Range;
  readonly y: Range;
  readonly xAt: (number: number) => number | undefined;
  readonly yAt: (number: number) => number | undefined;
};

/** The frame of a chart of that size. */
export function frameOf(width: number, height: number, x: Range, y: Range): Frame {
  const [inner, high] = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
  return {
    width,
    height,
    x,
    y,
    xAt: number => scaled(placeOf(number, x), MARGIN.left, inner),
    yAt: number => scaled(placeOf(number, y), MARGIN.top + high, -high)
  };
}

function scaled(place: number | undefined, from: number, by: number): number | undefined {
  return place === undefined ? undefined : from + place * by;
}

/** Lines and numbers of both axes; what they are called stands beside the chart. */
export function Axes({ frame }: { readonly frame: Frame }): React.ReactElement {
  const { width, height, x, y, xAt, yAt } = frame;
  const bottom = height - MARGIN.bottom;
  return (
    <g className="jp-mlrun-nb-Axes" aria-hidden>
      {ticksOf(y, Math.max(2, Math.floor(height / 44))).map(tick => (
        <g key={tick} transform={`translate(0 ${yAt(tick) ?? 0})`}>
          <line x1={MARGIN.left} x2={width - MARGIN.right} />
          <text x={MARGIN.left - 6} dy="0.35em" textAnchor="end">
            {shortNumber(tick)}
          </text>
        </g>
      ))}
      {ticksOf(x, Math.max(2, Math.floor(width / 90))).map(tick => (
        <text key={tick} x={xAt(tick)} y={bottom + 16} textAnchor="middle">
          {shortNumber(tick)}
        </text>
      ))}
    </g>
  );
}
