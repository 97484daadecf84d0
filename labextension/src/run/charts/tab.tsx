/** The children of a sweep as charts: how it went, which parameters matter, where the good ones lie. */

import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import * as React from 'react';
import type { Charts, RunDetail, SweepDetail } from '../../api/types';
import { CommandIDs } from '../../commandIds';
import { count } from '../../kit/humane';
import { useAct, useAnswer } from '../../kit/page';
import { Prose } from '../../kit/prose';
import { useDesk } from '../../kit/react';
import { Trouble, Unread } from '../../kit/trouble';
import { Contour } from './contour';
import { History } from './history';
import { Importance } from './importance';
import { landscapeOf, type Landscape } from './landscape';
import { Legend } from './legend';
import { Lines } from './lines';
import type { IChartProps } from './picture';
import { Slices } from './slices';

/** Between two readings while children end. */
const REST_MS = 3000;

/** All charts, over the result that counts or another one that is chosen. */
export function ChartsTab({
  detail: { run },
  sweep,
  rendermime
}: {
  readonly detail: RunDetail;
  readonly sweep: SweepDetail;
  readonly rendermime: IRenderMimeRegistry | null;
}): React.ReactElement {
  const { api, trans } = useDesk();
  const [result, setResult] = React.useState('');
  const { value, error, refresh } = useAnswer(
    `charts of ${run.id} over ${result}`,
    (folder, signal) => api.charts(folder, run.id, result, signal),
    undefined,
    REST_MS
  );
  // While another result is read, the charts of the one before stay where they are.
  const kept = React.useRef(value);
  kept.current = value ?? kept.current;
  const charts = kept.current;
  const landscape = React.useMemo(() => charts && landscapeOf(charts), [charts]);
  if (charts === undefined || landscape === undefined) {
    return <Unread error={error} onRetry={refresh} />;
  }
  if (charts.total === 0) {
    return <p className="jp-mlrun-nb-empty">{trans.__('No child has begun yet.')}</p>;
  }
  return (
    <>
      <Trouble error={error} />
      {sweep.result === '' && <NoGoal charts={charts} />}
      <div className="jp-mlrun-nb-Tools">
        {charts.results.length > 1 && (
          <ChooseResult charts={charts} goal={sweep.result} onChange={setResult} />
        )}
        <Legend landscape={landscape} />
        <span className="jp-mlrun-nb-hint">{shownOf(charts, trans)}</span>
      </div>
      <Body landscape={landscape} rendermime={rendermime} />
    </>
  );
}

function Body({
  landscape,
  rendermime
}: {
  readonly landscape: Landscape;
  readonly rendermime: IRenderMimeRegistry | null;
}): React.ReactElement {
  const { trans } = useDesk();
  const act = useAct();
  const onOpen = React.useCallback((run: string) => {
    act(CommandIDs.openRun, { run });
  }, []);
  const { charts } = landscape;
  if (charts.compared === 0) {
    return (
      <p className="jp-mlrun-nb-empty">
        <Prose
          text={
            charts.result === ''
              ? trans.__(
                  'No child has left a number. `--output NAME` keeps one of the cell, `mn.log_result("NAME", number)` logs one.'
                )
              : trans.__('No child has left a number as `%1` yet.', charts.result)
          }
        />
      </p>
    );
  }
  const props: IChartProps = { landscape, rendermime, onOpen };
  return (
    <>
      <div className="jp-mlrun-nb-Charts jp-mod-wide">
        <History {...props} />
        <Importance landscape={landscape} />
      </div>
      <Lines landscape={landscape} onOpen={onOpen} />
      <Slices {...props} />
      <Contour {...props} />
    </>
  );
}

/** What a sweep without a goal lacks, and how the next one has it. */
function NoGoal({ charts }: { readonly charts: Charts }): React.ReactElement {
  const { trans } = useDesk();
  const name = charts.result || 'NAME';
  return (
    <p className="jp-mlrun-nb-hint jp-mlrun-nb-Taught">
      <Prose
        text={trans.__(
          'Nothing says which child is better, so that there is no best so far. `--maximize %1` or `--minimize %1` says it.',
          name
        )}
      />
    </p>
  );
}

function ChooseResult({
  charts,
  goal,
  onChange
}: {
  readonly charts: Charts;
  readonly goal: string;
  readonly onChange: (result: string) => void;
}): React.ReactElement {
  const { trans } = useDesk();
  return (
    <label className="jp-mlrun-nb-Check">
      {trans.__('Result')}
      <select
        className="jp-mlrun-nb-Input"
        value={charts.result}
        onChange={event => {
          onChange(event.target.value === goal ? '' : event.target.value);
        }}
      >
        {charts.results.map(name => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

/** How many children are drawn, and where they are not all, which. */
function shownOf(
  { ids, total, direction }: Charts,
  trans: ReturnType<typeof useDesk>['trans']
): string {
  if (ids.length === total) {
    return trans._n('%1 child', '%1 children', total, count(total));
  }
  const which =
    direction === ''
      ? trans.__('evenly from first to last')
      : trans.__('the best, and the others evenly from first to last');
  return trans.__('%1 of %2 shown: %3', count(ids.length), count(total), which);
}
