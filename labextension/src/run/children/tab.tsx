/** The children of a sweep: a table of any length, in any order. */

import * as React from 'react';
import type { RunDetail, SweepDetail } from '../../api/types';
import { CommandIDs } from '../../commandIds';
import { count } from '../../kit/humane';
import { useAct, useAnswer } from '../../kit/page';
import { useDesk } from '../../kit/react';
import { isFinal, StateGlyph, stateWord, type State } from '../../kit/state';
import { Unread, Trouble } from '../../kit/trouble';
import { nextOrder, ordered, usualOrder, type Field, type Order } from './order';
import { Rows } from './rows';
import { ChildrenTable, type Child } from './table';

/** Between two readings while children end. */
const REST_MS = 1000;
const STATES: readonly State[] = [
  'pending',
  'running',
  'succeeded',
  'pruned',
  'cached',
  'failed',
  'cancelled',
  'lost'
];

/** A row for each child; above it how many are in each state, to show these alone. */
export function ChildrenTab({
  detail: { run },
  sweep
}: {
  readonly detail: RunDetail;
  readonly sweep: SweepDetail;
}): React.ReactElement {
  const { api, trans } = useDesk();
  const act = useAct();
  const table = React.useMemo(() => new ChildrenTable(), [run.id]);
  const [order, setOrder] = React.useState<Order>(() => usualOrder(sweep));
  const [states, setStates] = React.useState<ReadonlySet<State>>(new Set());
  const { value, error, refresh } = useAnswer(
    `children of ${run.id}`,
    async (folder, signal) => {
      await table.read(cursor => api.children(folder, run.id, cursor, signal));
      return table.version;
    },
    undefined,
    REST_MS
  );
  const isOver = isFinal(run.state);
  const wasOver = React.useRef(isOver);
  React.useEffect(() => {
    if (wasOver.current !== isOver) {
      wasOver.current = isOver;
      table.distrust();
      refresh();
    }
  }, [isOver]);
  const rows = React.useMemo(() => ordered(table.rows, order, states), [value, order, states]);
  const columns = React.useMemo(() => columnsOf(table, sweep.result), [value, sweep.result]);
  const counts = React.useMemo(() => countsOf(table.rows), [value]);
  const open = React.useCallback((child: string) => {
    act(CommandIDs.openRun, { run: child });
  }, []);
  if (value === undefined) {
    return <Unread error={error} onRetry={refresh} />;
  }
  if (table.rows.length === 0) {
    return <p className="jp-mlrun-nb-empty">{trans.__('No child has begun yet.')}</p>;
  }
  return (
    <>
      <Trouble error={error} />
      <StateFilter counts={counts} chosen={states} onChange={setStates} />
      <Rows
        label={trans.__('Children of run %1', run.id)}
        rows={rows}
        columns={columns}
        order={order}
        best={sweep.best?.id}
        onOrder={field => {
          setOrder(now => nextOrder(now, field, sweep));
        }}
        onOpen={open}
      />
    </>
  );
}

/** A button for each state that a child is in. */
function StateFilter({
  counts,
  chosen,
  onChange
}: {
  readonly counts: ReadonlyMap<State, number>;
  readonly chosen: ReadonlySet<State>;
  readonly onChange: (states: ReadonlySet<State>) => void;
}): React.ReactElement {
  const { trans } = useDesk();
  return (
    <div
      className="jp-mlrun-nb-Tools jp-mlrun-nb-States"
      role="group"
      aria-label={trans.__('Children by state')}
    >
      {STATES.filter(state => counts.has(state) || chosen.has(state)).map(state => (
        <button
          key={state}
          type="button"
          className="jp-mlrun-nb-Button"
          aria-pressed={chosen.has(state)}
          onClick={() => {
            onChange(toggled(chosen, state));
          }}
        >
          <StateGlyph state={state} />
          {`${count(counts.get(state) ?? 0)} ${stateWord(state, trans)}`}
        </button>
      ))}
    </div>
  );
}

function countsOf(rows: readonly Child[]): ReadonlyMap<State, number> {
  const counts = new Map<State, number>();
  for (const { state } of rows) {
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return counts;
}

/** The result that counts comes first. */
function columnsOf(table: ChildrenTable, result: string): readonly Field[] {
  const results = [...table.results].sort(
    (one, other) => Number(other === result) - Number(one === result)
  );
  return [
    { of: 'number' },
    { of: 'state' },
    ...results.map(name => ({ of: 'results' as const, name })),
    ...table.parameters.map(name => ({ of: 'parameters' as const, name })),
    { of: 'duration' }
  ];
}

function toggled(known: ReadonlySet<State>, state: State): ReadonlySet<State> {
  const next = new Set(known);
  if (!next.delete(state)) {
    next.add(state);
  }
  return next;
}
