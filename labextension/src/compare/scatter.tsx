/** Each run as a point over two of its values. */

import * as React from 'react';
import { CommandIDs } from '../commandIds';
import { Axes, frameOf, useWidth } from '../charts/frame';
import { useAct } from '../kit/page';
import { useDesk } from '../kit/react';
import { Block } from '../run/facts';
import { shortRun } from '../run/words';
import { marking, type ICompareChartProps } from './parallel';

const HEIGHT_PX = 260;

/** Which values is chosen; a parameter over a result is what most people look for. */
export function ScatterChart(props: ICompareChartProps): React.ReactElement | null {
  const { runs, marked, onMark } = props;
  const { trans } = useDesk();
  const act = useAct();
  const [node, width] = useWidth();
  const axes = props.axes.filter(({ numbers }) => numbers !== undefined);
  const [xName, setX] = React.useState('');
  const [yName, setY] = React.useState('');
  const x = axes.find(({ name }) => name === xName) ?? axes[0];
  const y =
    axes.find(({ name }) => name === yName) ??
    axes.find(({ group }) => group === 'results') ??
    axes.at(-1);
  if (x === undefined || y === undefined || axes.length < 2) {
    return null;
  }
  const frame = frameOf(width, HEIGHT_PX, widened(x.range), widened(y.range));
  const choose = (label: string, name: string, set: (name: string) => void): React.ReactElement => (
    <label className="jp-mlrun-nb-Check">
      {label}
      <select
        className="jp-mlrun-nb-Input"
        value={name}
        onChange={event => {
          set(event.target.value);
        }}
      >
        {axes.map(axis => (
          <option key={axis.name}>{axis.name}</option>
        ))}
      </select>
    </label>
  );
  return (
    <Block title={trans.__('Two values')}>
      <div className="jp-mlrun-nb-Tools">
        {choose(trans.__('Across'), x.name, setX)}
        {choose(trans.__('Up'), y.name, setY)}
      </div>
      <div ref={node} style={{ height: HEIGHT_PX }}>
        {width > 0 && (
          <svg
            className="jp-mlrun-nb-Parallel"
            width={width}
            height={HEIGHT_PX}
            role="group"
            aria-label={trans.__('%1 over %2, a point for each run', y.name, x.name)}
          >
            <Axes frame={frame} />
            {runs.map((run, at) => {
              const [left, top] = [
                frame.xAt(x.numbers?.[at] ?? NaN),
                frame.yAt(y.numbers?.[at] ?? NaN)
              ];
              return (
                left !== undefined &&
                top !== undefined && (
                  <g
                    key={run.id}
                    transform={`translate(${left} ${top})`}
                    className={`jp-mlrun-nb-RunMark${run.id === marked ? ' jp-mod-marked' : ''}${
                      marked !== undefined && run.id !== marked ? ' jp-mod-faded' : ''
                    }`}
                    {...marking(run, onMark, () => {
                      act(CommandIDs.openRun, { run: run.id });
                    })}
                  >
                    <circle className="jp-mod-near" r="10" />
                    <circle r="5" />
                    {run.id === marked && (
                      <text y={-10} textAnchor="middle" className="jp-mod-title">
                        {shortRun(run.id)}
                      </text>
                    )}
                  </g>
                )
              );
            })}
          </svg>
        )}
      </div>
    </Block>
  );
}

/** With room at both ends, so that no point stands on the frame. */
function widened({ low, high }: { readonly low: number; readonly high: number }): {
  readonly low: number;
  readonly high: number;
} {
  const room = (high - low) * 0.06;
  return { low: low - room, high: high + room };
}
