/** A plain line chart, for hosts that render no Vega-Lite. */

import * as React from 'react';
import { Axes, frameOf, useWidth, type Frame } from './frame';
import { rangeOf } from './scale';

/** Numbers over steps, as they are and smoothed. */
export interface ILineChartProps {
  readonly label: string;
  readonly steps: readonly number[];
  readonly values: readonly number[];
  /** Drawn strongly; the values themselves are then drawn weakly. */
  readonly smooth?: readonly number[] | undefined;
  readonly isLog: boolean;
  readonly height: number;
}

/** What is not finite leaves a gap. */
export function LineChart(props: ILineChartProps): React.ReactElement {
  const { label, steps, values, smooth, isLog, height } = props;
  const [node, width] = useWidth();
  const frame = frameOf(width, height, rangeOf(steps), rangeOf(values, isLog));
  return (
    <div ref={node} style={{ height }}>
      {width > 0 && (
        <svg
          className="jp-mlrun-nb-Chart"
          width={width}
          height={height}
          role="img"
          aria-label={label}
        >
          <Axes frame={frame} />
          <path className={smooth ? 'jp-mod-weak' : ''} d={pathOf(steps, values, frame)} />
          {smooth && <path d={pathOf(steps, smooth, frame)} />}
          {values.length === 1 && (
            <circle cx={frame.xAt(steps[0] ?? 0)} cy={frame.yAt(values[0] ?? 0)} r="3" />
          )}
        </svg>
      )}
    </div>
  );
}

function pathOf(steps: readonly number[], values: readonly number[], { xAt, yAt }: Frame): string {
  let isOn = false;
  return values
    .map((value, index) => {
      const [x, y] = [xAt(steps[index] ?? index), yAt(value)];
      if (x === undefined || y === undefined) {
        isOn = false;
        return '';
      }
      const piece = `${isOn ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
      isOn = true;
      return piece;
    })
    .join('');
}
