/** The page of a function: one tab of the main area for each. */

import { codeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { FunctionDetail } from '../api/types';
import type { IDesk } from '../desk';
import { LanguagesProvider } from '../kit/code';
import { Page } from '../kit/page';
import { Watched } from '../kit/watched';
import { isFunctionTab, type FunctionTab } from './tabs';
import type { IFunctionTools } from './tokens';
import { FunctionView } from './view';

/** Which function, at which version, of which folder's project. */
export interface IFunctionPlace {
  readonly function: string;
  readonly folder: string;
  /** A tag or the beginning of a hash; the latest without. */
  readonly version?: string | undefined;
  readonly tab?: string | undefined;
}

/** A function at one version; another one can be chosen. */
export class FunctionPage extends Page {
  constructor(
    desk: IDesk,
    place: IFunctionPlace,
    private readonly _tools: IFunctionTools
  ) {
    super(desk, place.folder);
    this.addClass('jp-mlrun-nb-FunctionPage');
    this.name = place.function;
    this._version = place.version;
    this.openTab(place.tab);
    this.title.label = place.function;
    this.title.icon = codeIcon;
    this.title.closable = true;
    this.title.caption = desk.trans.__('Function %1', place.function);
    this.detail = new Watched({
      changes: desk.changes,
      seen: this.seen,
      ask: signal => desk.api.function(this.folder, this.name, this._version, signal)
    });
  }

  /** The function's. */
  readonly name: string;

  readonly detail: Watched<FunctionDetail>;

  get version(): string | undefined {
    return this._version;
  }

  get tab(): FunctionTab {
    return this._tab;
  }

  /** Show another version; the latest where none is named. */
  openVersion(version: string | undefined): void {
    if (version !== this._version) {
      this._version = version;
      this.detail.refresh();
      this.move();
    }
  }

  /** Open a tab; nothing happens where there is none of that name. */
  openTab(tab: string | undefined): void {
    if (tab !== undefined && isFunctionTab(tab) && tab !== this._tab) {
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
      <LanguagesProvider value={this._tools.languages}>
        <FunctionView
          detail={this.detail}
          tab={this._tab}
          onTab={tab => {
            this.openTab(tab);
          }}
          onVersion={version => {
            this.openVersion(version);
          }}
          started={this._tools.started}
        />
      </LanguagesProvider>
    );
  }

  private _version: string | undefined;
  private _tab: FunctionTab = 'run';
}
