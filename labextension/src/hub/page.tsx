/** The page of an item of a hub: one tab of the main area for each. */

import { extensionIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { HubDetail } from '../api/types';
import type { IDesk } from '../desk';
import { LanguagesProvider } from '../kit/code';
import { RendererProvider } from '../kit/markdown';
import { Page } from '../kit/page';
import { Watched } from '../kit/watched';
import { isItemTab, type ItemTab } from './tabs';
import type { IHubTools } from './tokens';
import { ItemView } from './view';

/** A version never changes; whether there is a newer one, or it is installed, is looked at so often after a change. */
const REST_MS = 1000;

/** Which item, at which version, as a folder's project sees it. */
export interface IItemPlace {
  readonly source: string;
  readonly name: string;
  readonly folder: string;
  /** The newest without. */
  readonly version?: string | undefined;
  readonly tab?: string | undefined;
}

/** An item at one version; another one can be chosen. */
export class ItemPage extends Page {
  constructor(
    desk: IDesk,
    place: IItemPlace,
    private readonly _tools: IHubTools
  ) {
    super(desk, place.folder);
    this.addClass('jp-mlrun-nb-ItemPage');
    this.source = place.source;
    this.name = place.name;
    this._version = place.version;
    this.openTab(place.tab);
    this.title.label = place.name;
    this.title.icon = extensionIcon;
    this.title.closable = true;
    this.title.caption = desk.trans.__('%1, from the hub source %2', place.name, place.source);
    this.detail = this._watched();
  }

  /** The source that it is from. */
  readonly source: string;

  /** The item's. */
  readonly name: string;

  detail: Watched<HubDetail>;

  get version(): string | undefined {
    return this._version;
  }

  get tab(): ItemTab {
    return this._tab;
  }

  /** Show another version; the newest where none is named. */
  openVersion(version: string | undefined): void {
    if (version !== this._version) {
      this._version = version;
      this.detail.dispose();
      this.detail = this._watched();
      this.move();
      this.update();
    }
  }

  /** Open a tab; nothing happens where there is none of that name. */
  openTab(tab: string | undefined): void {
    if (tab !== undefined && isItemTab(tab) && tab !== this._tab) {
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
        <RendererProvider value={this._tools.rendermime}>
          <ItemView
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
        </RendererProvider>
      </LanguagesProvider>
    );
  }

  private _watched(): Watched<HubDetail> {
    const { source, name, _version: version } = this;
    return new Watched({
      changes: this.desk.changes,
      seen: this.seen,
      ask: signal => this.desk.api.hub.item(this.folder, { source, name, version }, signal),
      restMs: REST_MS
    });
  }

  private _version: string | undefined;
  private _tab: ItemTab = 'about';
}
