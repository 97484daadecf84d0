/** Parallel coordinates: an axis beside the other, and whatever lines go through them. */

import * as React from 'react';
import { useWidth } from './frame';

const HEIGHT_PX = 260;
const TOP_PX = 34;
const BOTTOM_PX = 20;
const SIDE_PX = 56;
/** Narrower, the names of the axes would stand in each other's way. */
const STEP_PX = 96;

/** A place on the picture; undefined where a line has none on that axis. */
export type Spot = readonly [number, number] | undefined;

/** What stands above an axis, at its bottom and at its top. */
export type AxisWords = { readonly name: string; readonly ends: readonly [string, string] };

/** The axes, wider than the page where they are many. `children` draws lines: `at` gives the place on an axis. */
export function ParallelAxes({
  label,
  axes,
  children
}: {
  readonly label: string;
  readonly axes: readonly AxisWords[];
  readonly children: (at: (axis: number, place: number | undefined) => Spot) => React.ReactNode;
}): React.ReactElement {
  const [node, width] = useWidth();
  const inner = Math.max(width, 2 * SIDE_PX + (axes.length - 1) * STEP_PX);
  const x = (index: number): number =>
    SIDE_PX + (index * (inner - 2 * SIDE_PX)) / Math.max(1, axes.length - 1);
  const y = (place: number): number => TOP_PX + (1 - place) * (HEIGHT_PX - TOP_PX - BOTTOM_PX);
  const at = React.useCallback(
    (axis: number, place: number | undefined): Spot =>
      place === undefined ? undefined : [x(axis), y(place)],
    [inner, axes.length]
  );
  return (
    <div ref={node} className="jp-mlrun-nb-Scrolled" style={{ height: HEIGHT_PX }}>
      {width > 0 && (
        <svg
          className="jp-mlrun-nb-Parallel"
          width={inner}
          height={HEIGHT_PX}
          role="group"
          aria-label={label}
        >
          {axes.map(({ name, ends }, index) => (
            <g key={name} transform={`translate(${x(index)} 0)`} aria-hidden>
              <line y1={TOP_PX} y2={HEIGHT_PX - BOTTOM_PX} />
              <text y={12} textAnchor="middle" className="jp-mod-title">
                <title>{name}</title>
                {cut(name)}
              </text>
              <text y={TOP_PX - 7} textAnchor="middle">
                {cut(ends[1])}
              </text>
              <text y={HEIGHT_PX - BOTTOM_PX + 14} textAnchor="middle">
                {cut(ends[0])}
              </text>
            </g>
          ))}
          {children(at)}
        </svg>
      )}
    </div>
  );
}

/** The line through `spots`; where one is missing it is interrupted. */
export function pathThrough(spots: readonly Spot[]): string {
  return spots
    .map((spot, index) =>
      spot ? `${index > 0 && spots[index - 1] ? 'L' : 'M'}${spot[0]} ${spot[1]}` : ''
    )
    .join('');
}

function cut(text: string): string {
  return text.length > 14 ? `${text.slice(0, 13)}…` : text;
}
