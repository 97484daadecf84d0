/** What the side panel holds. */

import type { IStateDB } from '@jupyterlab/statedb';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IDesk } from '../desk';
import { clustersOf } from '../engines/model';
import { HubModel } from '../hub/model';
import { Live } from '../kit/live';
import { DeskProvider } from '../kit/react';
import type { INotebookFunctions } from '../notebook/model';
import type { FrontRun } from '../run/front';
import { RunsModel } from '../runs/model';
import { Folds } from './folds';
import { Panel, type IPanelModels } from './view';

/** The surroundings are examined no more often than that, and only while they are looked at. */
const HEALTH_REST_MS = 60_000;

/** What else of the host the panel shows, where the host has it. */
export interface IPanelOptions {
  readonly front: FrontRun;
  readonly notebook: INotebookFunctions | null;
  readonly state: IStateDB | null;
}

/** Functions and runs. */
export class FunctionsAndRuns extends ReactWidget {
  constructor(
    private readonly _desk: IDesk,
    options: IPanelOptions
  ) {
    super();
    this.addClass('jp-mlrun-nb-Panel');
    this._models = modelsOf(_desk, options);
    _desk.changes.announce();
  }

  /** Put the cursor into the search field. */
  search(): void {
    this._field.current?.focus();
  }

  /** Put the cursor into the search field of the hub, whose section opens. */
  searchHub(): void {
    const { folds } = this._models;
    if (!folds.isOpen('hub')) {
      folds.toggle('hub');
    }
    requestAnimationFrame(() => this._hubField.current?.focus()); // once it is drawn
  }

  override dispose(): void {
    const { functions, health, clusters, runs, hub } = this._models;
    for (const model of [functions, health, clusters, runs, hub]) {
      model.dispose();
    }
    super.dispose();
  }

  protected override render(): React.ReactElement {
    return (
      <DeskProvider value={this._desk}>
        <Panel models={this._models} field={this._field} hubField={this._hubField} />
      </DeskProvider>
    );
  }

  private readonly _models: IPanelModels;
  private readonly _field = React.createRef<HTMLInputElement>();
  private readonly _hubField = React.createRef<HTMLInputElement>();
}

function modelsOf(desk: IDesk, { front, notebook, state }: IPanelOptions): IPanelModels {
  const { api } = desk;
  return {
    functions: new Live(desk, folder => api.functions(folder)),
    health: new Live(desk, folder => api.health(folder), { restMs: HEALTH_REST_MS }),
    clusters: clustersOf(desk),
    runs: new RunsModel(desk),
    hub: new HubModel(desk),
    front,
    notebook,
    folds: new Folds(state)
  };
}
