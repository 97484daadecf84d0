/** Executed notebooks as files that can be read and nothing else. */

import type { Contents, ServerConnection } from '@jupyterlab/services';
import type { ReadonlyJSONObject, ReadonlyJSONValue } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';
import type { Api } from '../api/client';
import { DRIVE, placeOf } from './path';

/**
 * A drive whose files are the executed notebooks of runs.
 *
 * What a run has written is not trusted: no cell passes for one that the reader ran, so that JupyterLab shows no script
 * and no markup of it unsanitised.
 */
export class ExecutedDrive implements Contents.IDrive {
  constructor(
    private readonly _api: Api,
    readonly serverSettings: ServerConnection.ISettings
  ) {}

  readonly name = DRIVE;

  get fileChanged(): ISignal<this, Contents.IChangedArgs> {
    return this._fileChanged;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  async get(localPath: string): Promise<Contents.IModel> {
    const place = placeOf(localPath);
    if (place === undefined) {
      return folderOf(localPath);
    }
    const { name, content, modified, size } = await this._api.executed(place.folder, place.run);
    return {
      name,
      path: localPath,
      type: 'notebook',
      writable: false,
      created: modified,
      last_modified: modified,
      mimetype: '',
      format: 'json',
      size,
      content: untrusted(content)
    };
  }

  /** Markup of an output may name files: beside a notebook that lies nowhere there are none. */
  getDownloadUrl(): Promise<string> {
    return Promise.resolve('data:,');
  }

  newUntitled(): Promise<Contents.IModel> {
    return refuse('');
  }

  delete(localPath: string): Promise<void> {
    return refuse(localPath);
  }

  rename(localPath: string): Promise<Contents.IModel> {
    return refuse(localPath);
  }

  save(localPath: string): Promise<Contents.IModel> {
    return refuse(localPath);
  }

  copy(localPath: string): Promise<Contents.IModel> {
    return refuse(localPath);
  }

  createCheckpoint(localPath: string): Promise<Contents.ICheckpointModel> {
    return refuse(localPath);
  }

  listCheckpoints(): Promise<Contents.ICheckpointModel[]> {
    return Promise.resolve([]);
  }

  restoreCheckpoint(localPath: string): Promise<void> {
    return refuse(localPath);
  }

  deleteCheckpoint(localPath: string): Promise<void> {
    return refuse(localPath);
  }

  private _isDisposed = false;
  private readonly _fileChanged = new Signal<this, Contents.IChangedArgs>(this);
}

/** A notebook none of whose cells says that its outputs are to be trusted. */
export function untrusted(content: ReadonlyJSONObject): ReadonlyJSONObject {
  const { cells } = content;
  return Array.isArray(cells)
    ? { ...content, cells: (cells as readonly ReadonlyJSONValue[]).map(untrustedCell) }
    : content;
}

function untrustedCell(cell: ReadonlyJSONValue): ReadonlyJSONValue {
  if (!isObject(cell) || !isObject(cell.metadata)) {
    return cell;
  }
  const metadata = Object.entries(cell.metadata).filter(([name]) => name !== 'trusted');
  return { ...cell, metadata: Object.fromEntries(metadata) };
}

function isObject(value: ReadonlyJSONValue | undefined): value is ReadonlyJSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nothing is listed: a notebook is opened from its run. */
function folderOf(path: string): Contents.IModel {
  return {
    name: path.split('/').at(-1) ?? '',
    path,
    type: 'directory',
    writable: false,
    created: '',
    last_modified: '',
    mimetype: '',
    format: 'json',
    content: []
  };
}

function refuse(path: string): Promise<never> {
  return Promise.reject(new Error(`An executed notebook is only read: ${path}`));
}
