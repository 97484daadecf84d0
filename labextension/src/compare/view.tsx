/** The page of a comparison: which runs, what differs, and charts of it. */

import * as React from 'react';
import { useAnswer } from '../kit/page';
import { useDesk } from '../kit/react';
import { Trouble } from '../kit/trouble';
import { shortRun } from '../run/words';
import { axesOf } from './axes';
import { ParallelChart } from './parallel';
import { ScatterChart } from './scatter';
import { CompareTable } from './table';

/** Fewer runs make no picture. */
const DRAWN = 3;
/** So many other runs are offered. */
const OFFERED = 50;

/** The runs, and what to do when others are wanted. */
export interface ICompareViewProps {
  readonly runs: readonly string[];
  readonly onRuns: (runs: readonly string[]) => void;
}

/** A run that is pointed at in a chart is marked in the table, and the other way round. */
export function CompareView({ runs, onRuns }: ICompareViewProps): React.ReactElement {
  const { api, trans } = useDesk();
  const [onlyDifferences, setOnlyDifferences] = React.useState(true);
  const [marked, setMarked] = React.useState<string>();
  const { value, error } = useAnswer(runs.join(' '), async folder =>
    runs.length < 2 ? null : api.compare(folder, runs)
  );
  // While another set of runs is read, what is known of the ones before stays where it is.
  const kept = React.useRef(value);
  kept.current = value ?? kept.current;
  const table = kept.current;
  const axes = React.useMemo(() => (table ? axesOf(table.rows) : []), [table]);
  return (
    <>
      <div className="jp-mlrun-nb-Head">
        <div className="jp-mlrun-nb-Head-words">
          <h1>{trans._n('Compare %1 run', 'Compare %1 runs', runs.length)}</h1>
        </div>
        <div className="jp-mlrun-nb-Actions">
          <label className="jp-mlrun-nb-Check">
            <input
              type="checkbox"
              checked={onlyDifferences}
              onChange={event => {
                setOnlyDifferences(event.target.checked);
              }}
            />
            {trans.__('Only differences')}
          </label>
          <AddRun runs={runs} function={table?.runs[0]?.function ?? ''} onRuns={onRuns} />
        </div>
      </div>
      <div className="jp-mlrun-nb-TabPanel">
        <Trouble error={error} />
        {runs.length < 2 && (
          <p className="jp-mlrun-nb-empty">{trans.__('Add a run to compare it with.')}</p>
        )}
        {table && (
          <CompareTable
            table={table}
            onlyDifferences={onlyDifferences}
            marked={marked}
            onMark={setMarked}
            onRemove={run => {
              onRuns(runs.filter(each => each !== run));
            }}
          />
        )}
        {table && table.runs.length >= DRAWN && axes.length >= 2 && (
          <div className="jp-mlrun-nb-Charts jp-mod-wide">
            <ParallelChart runs={table.runs} axes={axes} marked={marked} onMark={setMarked} />
            <ScatterChart runs={table.runs} axes={axes} marked={marked} onMark={setMarked} />
          </div>
        )}
      </div>
    </>
  );
}

function AddRun({
  runs,
  function: name,
  onRuns
}: ICompareViewProps & { readonly function: string }): React.ReactElement {
  const { api, trans } = useDesk();
  const { value } = useAnswer(`others of ${name}`, folder =>
    api.runs(folder, { q: name && `fn:${name}`, limit: OFFERED })
  );
  const others = (value?.items ?? []).filter(({ id }) => !runs.includes(id));
  return (
    <select
      className="jp-mlrun-nb-Input"
      aria-label={trans.__('Add a run')}
      value=""
      disabled={others.length === 0}
      onChange={event => {
        onRuns([...runs, event.target.value]);
      }}
    >
      <option value="">{trans.__('Add a run…')}</option>
      {others.map(({ id, result, parameters }) => (
        <option key={id} value={id}>
          {[
            shortRun(id),
            ...(result ? [`${result.name} ${result.text}`] : []),
            ...parameters.map(each => `${each.name}=${each.text}`)
          ].join(' · ')}
        </option>
      ))}
    </select>
  );
}
