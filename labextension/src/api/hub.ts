/** What the server can be asked of hubs, one method for each route. */

import type { ServerConnection } from '@jupyterlab/services';
import { part, request, type IRequest } from './request';
import type {
  HubCells,
  HubCellsAsked,
  HubDetail,
  HubFound,
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

  private _ask<T>(path: string, folder: string, { query, ...asked }: IRequest): Promise<T> {
    return request(this._settings, path, { ...asked, query: { ...query, folder } });
  }
}
