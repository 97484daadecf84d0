/** The page of a run: one tab of the main area for each run. */

import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import * as React from 'react';
import type { RunDetail } from '../api/types';
import type { IDesk } from '../desk';
import { shortHash } from '../kit/humane';
import { Page } from '../kit/page';
import { isFinal, standingOf } from '../kit/state';
import { stateIcon } from '../kit/stateIcon';
import { Watched } from '../kit/watched';
import { isRunTab, type RunTab } from './tabs';
import { RunView } from './view';

/** Between two looks at a run that is under way. */
const OPEN_MS = 700;

/** Which run, of which folder's project, and which tab is open. */
export interface IRunPlace {
  readonly run: string;
  readonly folder: string;
  readonly tab?: string | undefined;
}

/** Everything about one run, kept current. */
export class RunPage extends Page {
  constructor(
    desk: IDesk,
    place: IRunPlace,
    private readonly _rendermime: IRenderMimeRegistry | null
  ) {
    super(desk, place.folder);
    this.addClass('jp-mlrun-nb-RunPage');
    this.run = place.run;
    this.openTab(place.tab);
    this.title.label = shortHash(place.run);
    this.title.closable = true;
    this.detail = new Watched({
      changes: desk.changes,
      seen: this.seen,
      ask: signal => desk.api.run(this.folder, this.run, signal),
      everyMs: detail => (isUnderWay(detail) ? OPEN_MS : undefined),
      isShownOnTab: isUnderWay
    });
    this.detail.changed.connect(this._onChanged, this);
  }

  readonly run: string;

  readonly detail: Watched<RunDetail>;

  /** The open tab; undefined while that is left to the run's state. */
  get tab(): RunTab | undefined {
    return this._tab;
  }

  /** Open a tab; nothing happens where there is none of that name. */
  openTab(tab: string | undefined): void {
    if (tab !== undefined && isRunTab(tab) && tab !== this._tab) {
      this._tab = tab;
      this.move();
      this.update();
    }
  }

  override dispose(): void {
    this.detail.dispose();
    super.dispose();
  }

  protected override draw(): React.ReactElement {
    return (
      <RunView
        run={this.run}
        detail={this.detail}
        tab={this._tab ?? 'overview'}
        onTab={tab => {
          this.openTab(tab);
        }}
        rendermime={this._rendermime}
      />
    );
  }

  private _onChanged(): void {
    const run = this.detail.value?.run;
    if (run) {
      this.title.label = `${run.function} ${shortHash(run.id).slice(0, 6)}`;
      this.title.icon = stateIcon(standingOf(run));
      this.title.caption = `${run.function} · ${run.id}`;
    }
  }

  private _tab: RunTab | undefined;
}

function isUnderWay(detail: RunDetail | undefined): boolean {
  return detail !== undefined && !isFinal(detail.run.state);
}
