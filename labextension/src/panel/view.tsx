/** The whole side panel: search, and its sections. */

import * as React from 'react';
import type { Clusters, Functions, Health } from '../api/types';
import { CommandIDs } from '../commandIds';
import { Engines } from '../engines/section';
import { FunctionsList } from '../functions/section';
import type { HubModel } from '../hub/model';
import { Hub } from '../hub/section';
import type { Live } from '../kit/live';
import { useDesk, useLive, useSignal } from '../kit/react';
import { Section } from '../kit/section';
import { Trouble } from '../kit/trouble';
import type { NotebookModel } from '../notebook/model';
import { ThisNotebook } from '../notebook/section';
import type { FrontRun } from '../run/front';
import type { RunsModel } from '../runs/model';
import { Search } from '../runs/search';
import { Runs } from '../runs/section';
import { ForeignServer } from './foreign';
import type { Folds } from './folds';

/** What the panel shows. */
export interface IPanelModels {
  readonly functions: Live<Functions>;
  readonly health: Live<Health>;
  readonly clusters: Live<Clusters>;
  readonly runs: RunsModel;
  readonly hub: HubModel;
  readonly front: FrontRun;
  /** Null where the front end has no notebooks. */
  readonly notebook: NotebookModel | null;
  readonly folds: Folds;
}

/** What is in the panel; `field` and `hubField` are the search fields, for commands that go there. */
export function Panel({
  models,
  field,
  hubField
}: {
  readonly models: IPanelModels;
  readonly field: React.RefObject<HTMLInputElement>;
  readonly hubField: React.RefObject<HTMLInputElement>;
}): React.ReactElement {
  const { commands, status: live, trans } = useDesk();
  const { functions, health, clusters, runs, notebook, folds } = models;
  const status = useLive(live);
  useSignal(folds.changed);
  useSignal(runs.changed);
  useSignal(notebook?.changed ?? folds.changed);
  const fold = (name: string): { isOpen: boolean; onToggle: () => void } => ({
    isOpen: folds.isOpen(name),
    onToggle: () => {
      folds.toggle(name);
    }
  });
  if (status === undefined && live.error !== undefined) {
    return <Trouble error={live.error} />;
  }
  const counts = status?.counts;
  const all = counts && Object.values(counts).reduce((sum, each) => sum + each, 0);
  return (
    <>
      <ForeignServer status={status} />
      <Trouble error={live.error} />
      <Search model={runs} counts={counts} notebook={notebook?.name ?? ''} field={field} />
      {notebook && <NotebookSection model={notebook} {...fold('notebook')} />}
      <Section
        title={trans.__('Functions')}
        number={status?.functions}
        tools={
          <span className="jp-mlrun-nb-when" title={trans.__('The project')}>
            {status?.project}
          </span>
        }
        {...fold('functions')}
      >
        <FunctionsList model={functions} />
      </Section>
      <Section
        title={trans.__('Runs')}
        number={runs.q === '' ? all : undefined}
        className="jp-mlrun-nb-mod-fill"
        tools={
          <button
            type="button"
            className="jp-mlrun-nb-Link"
            disabled={all === undefined || all < 2}
            title={trans.__('Compare the newest runs')}
            onClick={() =>
              void commands.execute(CommandIDs.compareRuns, {
                runs: runs.runs.slice(0, 10).map(run => run.id)
              })
            }
          >
            {trans.__('compare')}
          </button>
        }
        {...fold('runs')}
      >
        <Runs model={runs} front={models.front} onSearch={() => field.current?.focus()} />
      </Section>
      <Section title={trans.__('Hub')} className="jp-mlrun-nb-mod-cards" {...fold('hub')}>
        <Hub model={models.hub} field={hubField} />
      </Section>
      <Section title={trans.__('Engines')} className="jp-mlrun-nb-mod-whole" {...fold('engines')}>
        <Engines health={health} clusters={clusters} />
      </Section>
    </>
  );
}

function NotebookSection({
  model,
  ...fold
}: {
  readonly model: NotebookModel;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}): React.ReactElement {
  const { commands, trans } = useDesk();
  useSignal(model.changed);
  const edited = model.edited.length;
  return (
    <Section
      title={trans.__('This notebook')}
      number={model.cells?.length}
      tools={
        edited > 0 && (
          <button
            type="button"
            className="jp-mlrun-nb-Link"
            title={trans._n(
              'Run the function that changed',
              'Run the %1 functions that changed',
              edited,
              edited
            )}
            onClick={() => void commands.execute(CommandIDs.runChanged)}
          >
            {trans.__('▷ changed')}
          </button>
        )
      }
      {...fold}
    >
      <ThisNotebook model={model} />
    </Section>
  );
}
