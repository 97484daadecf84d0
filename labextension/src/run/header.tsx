/** The head of a run's page: who it is, and what can be done with it. */

import * as React from 'react';
import type { RunDetail, RunRow } from '../api/types';
import { CommandIDs } from '../commandIds';
import { duration, shortHash } from '../kit/humane';
import { MenuButton } from '../kit/menu';
import { DashboardLink } from '../engines/dashboardLink';
import { useAct } from '../kit/page';
import { useDesk } from '../kit/react';
import { isFinal, StateGlyph, standingOf, stateWord } from '../kit/state';
import { Moment } from '../kit/time';
import { Elapsed } from '../runs/row';
import { OfSweep } from './sweep';
import { shortRun } from './words';

/** The run's state, name and numbers at the left, its actions at the right. */
export function RunHeader({ detail }: { readonly detail: RunDetail }): React.ReactElement {
  const { trans } = useDesk();
  const act = useAct();
  const { run } = detail;
  const author = detail.provenance.find(({ name }) => name === 'author')?.text;
  const openFunction = (): void => {
    act(CommandIDs.openFunction, { function: run.function, version: run.version });
  };
  return (
    <div className="jp-mlrun-nb-Head">
      <div className="jp-mlrun-nb-Head-words">
        <StateGlyph state={standingOf(run)} label={stateWord(standingOf(run), trans)} />
        <h1 title={run.function}>{run.function}</h1>
        {run.pinned && (
          <span className="jp-mlrun-nb-Tag" title={trans.__('Kept until it is unpinned')}>
            {trans.__('pinned')}
          </span>
        )}
        <p className="jp-mlrun-nb-Facts">
          <button
            type="button"
            className="jp-mlrun-nb-Link jp-mod-code"
            title={trans.__('Open the function at version %1', run.version)}
            onClick={openFunction}
          >
            {shortHash(run.version)}
          </button>
          <code title={run.id}>{trans.__('run %1', shortRun(run.id))}</code>
          {detail.parent !== null && <OfSweep parent={detail.parent} run={run} />}
          <span>{engineOf(run)}</span>
          {run.attempt > 1 && <span>{trans.__('attempt %1', run.attempt)}</span>}
          <Length run={run} />
          {detail.dashboard !== '' && <DashboardLink address={detail.dashboard} isNamed />}
          <span>
            {author !== undefined && `${author}, `}
            <Moment time={run.created} />
          </span>
        </p>
      </div>
      <Actions detail={detail} />
    </div>
  );
}

function Actions({ detail }: { readonly detail: RunDetail }): React.ReactElement {
  const { trans } = useDesk();
  const act = useAct();
  const { run } = detail;
  const args = { run: run.id };
  const others: [command: string, label: string, more?: Record<string, string | boolean>][] = [
    ...(detail.executed ? ([[CommandIDs.openExecuted, trans.__('Open notebook')]] as const) : []),
    [CommandIDs.compareRuns, trans.__('Compare')],
    ...(detail.sweep?.best
      ? ([[CommandIDs.sweepAround, trans.__('Sweep around the best…')]] as const)
      : []),
    [CommandIDs.rerunWithEdits, trans.__('Rerun with edits…')]
  ].map(([command = '', label = '']) => [command, label]);
  return (
    <div className="jp-mlrun-nb-Actions" role="group" aria-label={trans.__('Actions')}>
      {others.map(([command, label]) => (
        <button
          key={command}
          type="button"
          className="jp-mlrun-nb-Button"
          onClick={() => {
            act(command, args);
          }}
        >
          {label}
        </button>
      ))}
      {!isFinal(run.state) && (
        <button
          type="button"
          className="jp-mlrun-nb-Button"
          disabled={run.cancelling}
          onClick={() => {
            act(CommandIDs.cancelRun, args);
          }}
        >
          {run.cancelling ? trans.__('Cancelling…') : trans.__('Cancel')}
        </button>
      )}
      <button
        type="button"
        className="jp-mlrun-nb-Button jp-mod-primary"
        onClick={() => {
          act(CommandIDs.rerun, { ...args, open: true });
        }}
      >
        {trans.__('Rerun')}
      </button>
      <MoreActions run={run} />
    </div>
  );
}

function MoreActions({ run }: { readonly run: RunRow }): React.ReactElement {
  const { place, trans } = useDesk();
  const args = { run: run.id, folder: place.folder };
  const keeping = [
    null,
    { command: CommandIDs.pinRun, args: { ...args, pinned: !run.pinned } },
    { command: CommandIDs.deleteRuns, args }
  ];
  return (
    <MenuButton
      label={trans.__('More actions')}
      items={() => [
        { command: CommandIDs.copyCommand, args },
        { command: CommandIDs.copyPython, args },
        ...(run.parent === null ? keeping : []) // a child stays and goes with its sweep
      ]}
    />
  );
}

/** How long it took; while it runs, a clock. */
function Length({ run }: { readonly run: RunRow }): React.ReactElement | null {
  const { trans } = useDesk();
  if (run.state === 'running' && run.started !== null) {
    return <Elapsed since={run.started} />;
  }
  if (run.state === 'cached') {
    return run.saved_s === null ? null : <span>{trans.__('saved %1', duration(run.saved_s))}</span>;
  }
  return run.duration_s === null ? null : <span>{duration(run.duration_s)}</span>;
}

function engineOf({ engine, profile }: RunRow): string {
  return profile && profile !== engine && profile !== 'default' ? `${profile} (${engine})` : engine;
}
