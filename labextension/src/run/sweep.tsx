/** What the page of a run says of its sweep: how it stands, the best child, how children failed; of which one it is. */

import * as React from 'react';
import type { Child, FailedAlike, ParentRow, RunRow, SweepDetail } from '../api/types';
import { CommandIDs } from '../commandIds';
import { count } from '../kit/humane';
import { useAct } from '../kit/page';
import { Prose } from '../kit/prose';
import { useDesk } from '../kit/react';
import { Block, Facts, type Fact } from './facts';
import { shortRun } from './words';

/** The best child with its results and parameters, and how the sweep searches. */
export function SweepBlocks({
  run,
  sweep
}: {
  readonly run: RunRow;
  readonly sweep: SweepDetail;
}): React.ReactElement {
  const { trans } = useDesk();
  return (
    <>
      <Block title={trans.__('Best child')}>
        {sweep.best === null ? (
          <p className="jp-mlrun-nb-hint">
            {sweep.result === ''
              ? trans.__('nothing says which child is better')
              : trans.__('none has left `%1` yet', sweep.result)}
          </p>
        ) : (
          <Facts facts={factsOf(sweep.best, sweep.result, trans.__('child'))} />
        )}
      </Block>
      <Block title={trans.__('Sweep')}>
        <Facts
          facts={[
            { name: trans.__('children'), value: <HowMany run={run} /> },
            ...sweep.facts.map(({ name, text }) => ({ name, value: text }))
          ]}
        />
      </Block>
    </>
  );
}

/** A line for each way in which children failed. */
export function Failures({ sweep }: { readonly sweep: SweepDetail }): React.ReactElement | null {
  const { trans } = useDesk();
  const failed = sweep.failures.reduce((sum, { children }) => sum + children, 0);
  return failed === 0 ? null : (
    <Block title={trans._n('%1 child failed', '%1 children failed', failed, count(failed))}>
      <ul className="jp-mlrun-nb-Related">
        {sweep.failures.map(group => (
          <Alike key={group.first.id} group={group} />
        ))}
      </ul>
    </Block>
  );
}

function Alike({ group }: { readonly group: FailedAlike }): React.ReactElement {
  return (
    <li>
      <b>{count(group.children)}</b> <Prose text={group.reason} /> <OpenChild child={group.first} />
    </li>
  );
}

/** The sweep that a run is a child of, as a link, and which child it is. */
export function OfSweep({
  parent,
  run
}: {
  readonly parent: ParentRow;
  readonly run: RunRow;
}): React.ReactElement {
  const { trans } = useDesk();
  const act = useAct();
  return (
    <span>
      <button
        type="button"
        className="jp-mlrun-nb-Link"
        title={trans.__('Open the sweep %1', parent.id)}
        onClick={() => {
          act(CommandIDs.openRun, { run: parent.id, tab: 'children' });
        }}
      >
        {trans.__('#%1 of sweep %2', run.number ?? '?', shortRun(parent.id))}
      </button>
      {parent.is_best && ` ${trans.__('★ its best child')}`}
    </span>
  );
}

function OpenChild({ child }: { readonly child: Child }): React.ReactElement {
  const { trans } = useDesk();
  const act = useAct();
  return (
    <button
      type="button"
      className="jp-mlrun-nb-Link"
      onClick={() => {
        act(CommandIDs.openRun, { run: child.id });
      }}
    >
      {trans.__('#%1 run %2', child.number ?? '?', shortRun(child.id))}
    </button>
  );
}

/** How many children have ended: `37 of 100`. */
function HowMany({ run: { sweep } }: { readonly run: RunRow }): React.ReactElement {
  const { trans } = useDesk();
  const done = sweep?.done ?? 0;
  const total = sweep?.total ?? done;
  return <>{done < total ? trans.__('%1 of %2', count(done), count(total)) : count(total)}</>;
}

/** The result that counts stands before the others. */
function factsOf(best: Child, result: string, child: string): readonly Fact[] {
  const results = [...best.results].sort(
    (one, other) => Number(other.name === result) - Number(one.name === result)
  );
  return [
    { name: child, value: <OpenChild child={best} /> },
    ...results.map(({ name, text }) => ({ name, value: <b>{text}</b> })),
    ...best.parameters.map(({ name, text }) => ({ name, value: text }))
  ];
}
