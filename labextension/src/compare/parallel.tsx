/** Each run as a line through its values. */

import * as React from 'react';
import type { RunRow } from '../api/types';
import { CommandIDs } from '../commandIds';
import { ParallelAxes, pathThrough, type Spot } from '../charts/parallel';
import { useAct } from '../kit/page';
import { useDesk } from '../kit/react';
import { Block } from '../run/facts';
import { shortRun } from '../run/words';
import type { Axis } from './axes';

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
  return (
    <Block title={trans.__('All values')}>
      <ParallelAxes label={trans.__('Each run as a line through its values')} axes={axes}>
        {placed =>
          runs.map((run, at) => (
            <RunPath
              key={run.id}
              run={run}
              points={axes.map((axis, index) => placed(index, axis.places[at]))}
              isMarked={run.id === marked}
              isFaded={marked !== undefined && run.id !== marked}
              onMark={onMark}
              onOpen={() => {
                act(CommandIDs.openRun, { run: run.id });
              }}
            />
          ))
        }
      </ParallelAxes>
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
  readonly points: readonly Spot[];
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
