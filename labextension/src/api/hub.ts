/** What the server can be asked of hubs, one method for each route. */

import type { ServerConnection } from '@jupyterlab/services';
import { part, request, type IRequest } from './request';
import type {
  HubCells,
  HubCellsAsked,
  HubDetail,
  HubFound,
  Installed,
  PublicationDraft,
  PublicationState,
  Publish,
  RunItem,
  RunRow,
  VersionComparison
} from './types';

/** Something that is published in a hub: its newest version where none is named. */
export interface IItem {
  readonly source: string;
  readonly name: string;
  readonly version?: string | undefined;
}

/** Every method is for the project in force in `folder`, and fails with an `ApiError`. */
export class HubApi {
  constructor(private readonly _settings: ServerConnection.ISettings) {}

  /** What the sources have for words, as far as they have answered. */
  search(folder: string, q: string, signal?: AbortSignal): Promise<HubFound> {
    return this._ask('hub', folder, { query: { q }, ...(signal && { signal }) });
  }

  item(folder: string, item: IItem, signal?: AbortSignal): Promise<HubDetail> {
    const { source, name, version } = item;
    const asked = { query: { version }, ...(signal && { signal }) };
    return this._ask(part('hub', source, name), folder, asked);
  }

  /** What a version changed of another one. */
  diff(folder: string, item: Required<IItem>, against: string): Promise<VersionComparison> {
    const { source, name, version = '' } = item;
    const path = part('hub', source, name, 'versions', version, 'diff');
    return this._ask(path, folder, { query: { against } });
  }

  /** Code of it to put into a notebook. */
  cells(folder: string, { source, name }: IItem, body: HubCellsAsked): Promise<HubCells> {
    return this._ask(part('hub', source, name, 'cells'), folder, { method: 'POST', body });
  }

  start(folder: string, { source, name }: IItem, body: RunItem): Promise<RunRow> {
    return this._ask(part('hub', source, name, 'runs'), folder, { method: 'POST', body });
  }

  /** Have the project use a version; the newest where none is named. */
  install(folder: string, { source, name, version = '' }: IItem): Promise<Installed> {
    const path = part('hub', source, name, 'lock');
    return this._ask(path, folder, { method: 'PUT', body: { version } });
  }

  async uninstall(folder: string, { source, name }: IItem): Promise<void> {
    await this._ask(part('hub', source, name, 'lock'), folder, { method: 'DELETE' });
  }

  /** What a function of the project would be as an item of a source; of the first that takes any without one. */
  draft(folder: string, name: string, source: string): Promise<PublicationDraft> {
    return this._ask(part('functions', name, 'draft'), folder, { query: { source } });
  }

  /** Begin to publish a function; `publication` says how far that is. */
  publish(folder: string, name: string, body: Publish): Promise<PublicationState> {
    return this._ask(part('functions', name, 'publication'), folder, { method: 'POST', body });
  }

  publication(folder: string, name: string): Promise<PublicationState> {
    return this._ask(part('functions', name, 'publication'), folder, {});
  }

  private _ask<T>(path: string, folder: string, { query, ...asked }: IRequest): Promise<T> {
    return request(this._settings, path, { ...asked, query: { ...query, folder } });
  }
}
