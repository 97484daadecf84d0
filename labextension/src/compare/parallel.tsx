/** Each run as a line through its values. */

import * as React from 'react';
import type { RunRow } from '../api/types';
import { CommandIDs } from '../commandIds';
import { useWidth } from '../charts/frame';
import { useAct } from '../kit/page';
import { useDesk } from '../kit/react';
import { Block } from '../run/facts';
import { shortRun } from '../run/words';
import type { Axis } from './axes';

const HEIGHT_PX = 260;
const TOP_PX = 34;
const BOTTOM_PX = 20;
const SIDE_PX = 56;
/** Narrower, the names of the axes would stand in each other's way. */
const STEP_PX = 96;

/** The runs, what can be drawn of them, and which of them is pointed at. */
export interface ICompareChartProps {
  readonly runs: readonly RunRow[];
  readonly axes: readonly Axis[];
  readonly marked: string | undefined;
  readonly onMark: (run: string | undefined) => void;
}

/** Parallel coordinates: Tab goes from line to line, Enter opens the run. */
export function ParallelChart(props: ICompareChartProps): React.ReactElement {
  const { runs, axes, marked, onMark } = props;
  const { trans } = useDesk();
  const act = useAct();
  const [node, width] = useWidth();
  const inner = Math.max(width, 2 * SIDE_PX + (axes.length - 1) * STEP_PX);
  const x = (index: number): number =>
    SIDE_PX + (index * (inner - 2 * SIDE_PX)) / Math.max(1, axes.length - 1);
  const y = (place: number): number => TOP_PX + (1 - place) * (HEIGHT_PX - TOP_PX - BOTTOM_PX);
  return (
    <Block title={trans.__('All values')}>
      <div ref={node} className="jp-mlrun-nb-Scrolled" style={{ height: HEIGHT_PX }}>
        {width > 0 && (
          <svg
            className="jp-mlrun-nb-Parallel"
            width={inner}
            height={HEIGHT_PX}
            role="group"
            aria-label={trans.__('Each run as a line through its values')}
          >
            {axes.map((axis, index) => (
              <g key={axis.name} transform={`translate(${x(index)} 0)`} aria-hidden>
                <line y1={TOP_PX} y2={HEIGHT_PX - BOTTOM_PX} />
                <text y={12} textAnchor="middle" className="jp-mod-title">
                  <title>{axis.name}</title>
                  {cut(axis.name)}
                </text>
                <text y={TOP_PX - 7} textAnchor="middle">
                  {cut(axis.ends[1])}
                </text>
                <text y={HEIGHT_PX - BOTTOM_PX + 14} textAnchor="middle">
                  {cut(axis.ends[0])}
                </text>
              </g>
            ))}
            {runs.map((run, at) => (
              <RunPath
                key={run.id}
                run={run}
                points={axes.map((axis, index) => {
                  const place = axis.places[at];
                  return place === undefined ? undefined : ([x(index), y(place)] as const);
                })}
                isMarked={run.id === marked}
                isFaded={marked !== undefined && run.id !== marked}
                onMark={onMark}
                onOpen={() => {
                  act(CommandIDs.openRun, { run: run.id });
                }}
              />
            ))}
          </svg>
        )}
      </div>
    </Block>
  );
}

function RunPath({
  run,
  points,
  isMarked,
  isFaded,
  onMark,
  onOpen
}: {
  readonly run: RunRow;
  readonly points: readonly (readonly [number, number] | undefined)[];
  readonly isMarked: boolean;
  readonly isFaded: boolean;
  readonly onMark: (run: string | undefined) => void;
  readonly onOpen: () => void;
}): React.ReactElement {
  const d = pathThrough(points);
  return (
    <g
      className={`jp-mlrun-nb-RunMark${isMarked ? ' jp-mod-marked' : ''}${isFaded ? ' jp-mod-faded' : ''}`}
      {...marking(run, onMark, onOpen)}
    >
      <path className="jp-mod-near" d={d} />
      <path d={d} />
      {points.map(
        (point, index) => point && <circle key={index} cx={point[0]} cy={point[1]} r="3" />
      )}
    </g>
  );
}

/** What makes a drawn run a thing to point at, with mouse and keyboard. */
export function marking(
  run: RunRow,
  onMark: (run: string | undefined) => void,
  onOpen: () => void
): React.SVGProps<SVGGElement> {
  const on = (): void => {
    onMark(run.id);
  };
  const off = (): void => {
    onMark(undefined);
  };
  return {
    role: 'button',
    tabIndex: 0,
    'aria-label': `${run.function} ${shortRun(run.id)}`,
    onMouseEnter: on,
    onMouseLeave: off,
    onFocus: on,
    onBlur: off,
    onClick: onOpen,
    onKeyDown: event => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        onOpen();
      }
    }
  };
}

function pathThrough(points: readonly (readonly [number, number] | undefined)[]): string {
  return points
    .map((point, index) =>
      point ? `${index > 0 && points[index - 1] ? 'L' : 'M'}${point[0]} ${point[1]}` : ''
    )
    .join('');
}

function cut(text: string): string {
  return text.length > 14 ? `${text.slice(0, 13)}…` : text;
}
