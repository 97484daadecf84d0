/** The numbers that a run logged, as charts. */

import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import * as React from 'react';
import type { Metrics, Point, RunDetail, Series } from '../api/types';
import { useWidth } from '../charts/frame';
import { LineChart } from '../charts/line';
import { rangeOf, shortNumber, smoothed, ticksOf } from '../charts/scale';
import { themeConfig, VegaChart, vegaLiteOf } from '../charts/vega';
import { count } from '../kit/humane';
import { useAnswer, type Answer } from '../kit/page';
import { useDesk } from '../kit/react';
import { Trouble } from '../kit/trouble';
import { Block } from './facts';
import { useTheme } from './theme';

const HEIGHT_PX = 180;
/** Between two readings while numbers come in. */
const REST_MS = 2000;
const WEIGHT = 0.8;
/** So many charts at first: each is a picture of its own. */
const SHOWN = 12;

/** A chart for each name. */
export function MetricsTab({
  detail,
  rendermime
}: {
  readonly detail: RunDetail;
  readonly rendermime: IRenderMimeRegistry | null;
}): React.ReactElement {
  const { trans } = useDesk();
  const [isLog, setLog] = React.useState(false);
  const [isSmooth, setSmooth] = React.useState(false);
  const [isAll, setAll] = React.useState(false);
  const { value, error } = useMetrics(detail);
  if (value === undefined || value.series.length === 0) {
    return error === undefined && value !== undefined ? (
      <p className="jp-mlrun-nb-empty">
        {trans.__(
          'No numbers were logged. In a function, %1 logs one.',
          "mn.log_metric('loss', loss)"
        )}
      </p>
    ) : (
      <Trouble error={error} />
    );
  }
  const shown = isAll ? value.series : value.series.slice(0, SHOWN);
  const hidden = value.series.length - shown.length;
  const box = (text: string, isOn: boolean, set: (isOn: boolean) => void): React.ReactElement => (
    <label className="jp-mlrun-nb-Check">
      <input
        type="checkbox"
        checked={isOn}
        onChange={event => {
          set(event.target.checked);
        }}
      />
      {text}
    </label>
  );
  return (
    <>
      <div className="jp-mlrun-nb-Tools">
        {box(trans.__('Logarithmic'), isLog, setLog)}
        {box(trans.__('Smoothed'), isSmooth, setSmooth)}
      </div>
      <Trouble error={error} />
      <div className="jp-mlrun-nb-Charts">
        {shown.map(series => (
          <MetricChart
            key={series.name}
            series={series}
            isLog={isLog}
            isSmooth={isSmooth}
            rendermime={rendermime}
          />
        ))}
      </div>
      {hidden > 0 && (
        <button
          type="button"
          className="jp-mlrun-nb-Button"
          onClick={() => {
            setAll(true);
          }}
        >
          {trans._n('Show %1 more', 'Show %1 more', hidden)}
        </button>
      )}
    </>
  );
}

/** The series, asked for again only when there are more points than before. */
function useMetrics({ run, points }: RunDetail): Answer<Metrics> {
  const { api } = useDesk();
  const read = React.useRef<{ readonly points: number; readonly value: Metrics }>();
  const answer = useAnswer(
    run.id,
    async (folder, signal) => {
      if (read.current?.points !== points) {
        read.current = { points, value: await api.metrics(folder, run.id, signal) };
      }
      return read.current.value;
    },
    undefined,
    REST_MS
  );
  React.useEffect(() => {
    answer.refresh();
  }, [points]);
  return answer;
}

function MetricChart({
  series,
  isLog,
  isSmooth,
  rendermime
}: {
  readonly series: Series;
  readonly isLog: boolean;
  readonly isSmooth: boolean;
  readonly rendermime: IRenderMimeRegistry | null;
}): React.ReactElement {
  const { trans } = useDesk();
  const [node, width] = useWidth();
  const theme = useTheme();
  const mimeType = vegaLiteOf(rendermime);
  const steps = series.points.map(({ step }) => step);
  const values = series.points.map(numberOf);
  const smooth = isSmooth ? smoothed(values, WEIGHT) : undefined;
  const last = values.at(-1);
  const label = trans.__(
    '%1: %2 numbers, the last one %3',
    series.name,
    count(series.count),
    last === undefined ? trans.__('none') : shortNumber(last)
  );
  const spec = React.useMemo(
    () => specOf({ steps, values, smooth, isLog, width }),
    [series, isSmooth, isLog, width, theme]
  );
  return (
    <Block
      title={
        <>
          <span className="jp-mlrun-nb-Chart-name">{series.name}</span>
          {last !== undefined && <b>{shortNumber(last)}</b>}
        </>
      }
    >
      <div ref={node} style={{ height: HEIGHT_PX }}>
        {mimeType !== undefined && rendermime ? (
          width > 0 && (
            <VegaChart
              rendermime={rendermime}
              mimeType={mimeType}
              spec={spec}
              label={label}
              height={HEIGHT_PX}
            />
          )
        ) : (
          <LineChart
            label={label}
            steps={steps}
            values={values}
            smooth={smooth}
            isLog={isLog}
            height={HEIGHT_PX}
          />
        )}
      </div>
    </Block>
  );
}

function specOf({
  steps,
  values,
  smooth,
  isLog,
  width
}: {
  readonly steps: readonly number[];
  readonly values: readonly number[];
  readonly smooth: readonly number[] | undefined;
  readonly isLog: boolean;
  readonly width: number;
}): ReadonlyJSONObject {
  const rows = steps
    .map((step, index) => ({ step, value: values[index] ?? NaN, smooth: smooth?.[index] ?? null }))
    .filter(({ value }) => Number.isFinite(value) && (!isLog || value > 0));
  const y = (field: string): ReadonlyJSONObject => ({
    field,
    type: 'quantitative',
    title: null,
    scale: isLog ? { type: 'log', nice: false } : { zero: false, nice: true },
    // Vega would draw a line for each of the numbers between two powers of ten.
    axis: isLog
      ? {
          values: [
            ...ticksOf(
              rangeOf(
                rows.map(({ value }) => value),
                true
              ),
              4
            )
          ]
        }
      : {}
  });
  const line = (field: string, mark: ReadonlyJSONObject): ReadonlyJSONObject => ({
    mark: { type: 'line', strokeWidth: 1.5, ...mark },
    encoding: { y: y(field) }
  });
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    width,
    height: HEIGHT_PX - 8,
    autosize: { type: 'fit', contains: 'padding' },
    padding: 4,
    data: { values: rows },
    encoding: {
      x: { field: 'step', type: 'quantitative', title: null, scale: { zero: false, nice: false } },
      tooltip: ['step', 'value', ...(smooth ? ['smooth'] : [])].map(field => ({
        field,
        type: 'quantitative'
      }))
    },
    layer: [
      line('value', { opacity: smooth ? 0.3 : 1, point: rows.length < 40 ? { size: 16 } : false }),
      ...(smooth ? [line('smooth', {})] : [])
    ],
    config: themeConfig()
  };
}

/** A number that JSON has no word for travels as a text. */
function numberOf({ value }: Point): number {
  return Number(value);
}
