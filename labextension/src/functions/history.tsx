/** What came of the last runs, as a small chart whose points open them. */

import * as React from 'react';
import type { FunctionDetail, Outcome } from '../api/types';
import { placeOf, rangeOf, shortNumber } from '../charts/scale';
import { CommandIDs } from '../commandIds';
import { duration, exactTime } from '../kit/humane';
import { useAct } from '../kit/page';
import { useDesk } from '../kit/react';
import { stateWord } from '../kit/state';
import { shortRun } from '../run/words';

const HEIGHT_PX = 48;
const STEP_PX = 16;
const EDGE_PX = 8;

/** The oldest run stands left; the height is its main result, or how long it took. */
export function History({
  detail
}: {
  readonly detail: FunctionDetail;
}): React.ReactElement | null {
  const { trans } = useDesk();
  const [isDuration, setDuration] = React.useState(detail.result === '');
  const runs = [...detail.history].reverse();
  if (runs.length === 0) {
    return null;
  }
  const values = runs.map(run => (isDuration ? run.duration_s : run.value) ?? NaN);
  const range = rangeOf(values);
  const y = (value: number): number =>
    HEIGHT_PX - EDGE_PX - (placeOf(value, range) ?? 0) * (HEIGHT_PX - 2 * EDGE_PX);
  const width = 2 * EDGE_PX + (runs.length - 1) * STEP_PX;
  const say = isDuration ? duration : shortNumber;
  const points = values.map((value, index) =>
    Number.isFinite(value) ? ([EDGE_PX + index * STEP_PX, y(value)] as const) : undefined
  );
  const line = points.flatMap(point => (point ? [point.join(' ')] : []));
  return (
    <div className="jp-mlrun-nb-History">
      <select
        className="jp-mlrun-nb-Input"
        aria-label={trans.__('What the chart shows')}
        value={isDuration ? 'duration' : 'result'}
        onChange={event => {
          setDuration(event.target.value === 'duration');
        }}
      >
        {detail.result !== '' && <option value="result">{detail.result}</option>}
        <option value="duration">{trans.__('duration')}</option>
      </select>
      <div className="jp-mlrun-nb-Scrolled">
        <svg
          width={width}
          height={HEIGHT_PX}
          role="group"
          aria-label={trans._n('The last run', 'The last %1 runs', runs.length)}
        >
          {line.length > 1 && <path d={`M${line.join('L')}`} />}
          {runs.map((run, index) => (
            <HistoryPoint
              key={run.id}
              run={run}
              x={EDGE_PX + index * STEP_PX}
              y={points[index]?.[1] ?? HEIGHT_PX - EDGE_PX}
              text={points[index] ? say(values[index] ?? NaN) : ''}
            />
          ))}
        </svg>
      </div>
      <span className="jp-mlrun-nb-hint">
        {line.length > 1 && trans.__('%1 to %2', say(range.low), say(range.high))}
      </span>
    </div>
  );
}

function HistoryPoint({
  run,
  x,
  y,
  text
}: {
  readonly run: Outcome;
  readonly x: number;
  readonly y: number;
  readonly text: string;
}): React.ReactElement {
  const { trans } = useDesk();
  const act = useAct();
  const words = [
    trans.__('run %1', shortRun(run.id)),
    stateWord(run.state, trans),
    ...(text === '' ? [] : [text]),
    exactTime(new Date(run.created))
  ].join(', ');
  const open = (): void => {
    act(CommandIDs.openRun, { run: run.id });
  };
  const isBad = run.state === 'failed' || run.state === 'lost';
  return (
    <g
      role="button"
      tabIndex={0}
      aria-label={words}
      className={`jp-mlrun-nb-HistoryPoint jp-mlrun-nb-State jp-mod-${run.state}`}
      transform={`translate(${x} ${y})`}
      onClick={open}
      onKeyDown={event => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          open();
        }
      }}
    >
      <title>{words}</title>
      <rect x={-STEP_PX / 2} y={-10} width={STEP_PX} height={20} fillOpacity="0" />
      {isBad ? (
        <path d="M-3.5 -3.5l7 7M3.5 -3.5l-7 7" />
      ) : (
        <circle r="3.5" className={run.state === 'succeeded' ? '' : 'jp-mod-hollow'} />
      )}
    </g>
  );
}
