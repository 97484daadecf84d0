/** What the server can be asked, one method for each route. */

import type { ServerConnection } from '@jupyterlab/services';
import type {
  Around,
  BeginCluster,
  CellText,
  Charts,
  Children,
  ClusterRow,
  Clusters,
  Comparison,
  Edited,
  FunctionCells,
  FunctionDetail,
  Functions,
  Health,
  LogLines,
  Found,
  Metrics,
  Options,
  Preview,
  Proposal,
  Rerun,
  RunDetail,
  RunFunction,
  RunPage,
  RunRow,
  ScaleCluster,
  Status,
  Table,
  VersionComparison,
  VersionRow,
  Versions,
  Card,
  Executed
} from './types';
import { HubApi } from './hub';
import { addressOf, blob, part, request, type IRequest } from './request';

/** Which page of which runs. */
export interface IRunsAsked {
  readonly q?: string;
  readonly limit?: number;
  readonly cursor?: string | undefined;
  readonly deep?: boolean;
  readonly everywhere?: boolean;
}

/** The server's half. Every method is for the project in force in `folder`, and fails with an `ApiError`. */
export class Api {
  constructor(private readonly _settings: ServerConnection.ISettings) {
    this.hub = new HubApi(_settings);
  }

  /** What others have published. */
  readonly hub: HubApi;

  status(folder: string, signal?: AbortSignal): Promise<Status> {
    return this._get('status', folder, {}, signal);
  }

  health(folder: string): Promise<Health> {
    return this._get('health', folder);
  }

  clusters(folder: string, signal?: AbortSignal): Promise<Clusters> {
    return this._get('clusters', folder, {}, signal);
  }

  beginCluster(folder: string, body: BeginCluster): Promise<ClusterRow> {
    return this._ask('clusters', folder, { method: 'POST', body });
  }

  /** Give the cluster of an engine or profile another number of workers. */
  scaleCluster(folder: string, on: string, body: ScaleCluster): Promise<ClusterRow> {
    return this._ask(part('clusters', on), folder, { method: 'PUT', body });
  }

  async endCluster(
    folder: string,
    on: string,
    query: { name: string; force: boolean }
  ): Promise<void> {
    await this._ask(part('clusters', on), folder, { method: 'DELETE', query });
  }

  /** A link that the server gave, which may be a path of its own, as one for the browser. */
  link(given: string): string {
    return new URL(given, this._settings.baseUrl).href;
  }

  options(folder: string): Promise<Options> {
    return this._get('options', folder);
  }

  runs(folder: string, asked: IRunsAsked, signal?: AbortSignal): Promise<RunPage> {
    return this._get('runs', folder, { ...asked }, signal);
  }

  run(folder: string, run: string, signal?: AbortSignal): Promise<RunDetail> {
    return this._get(part('runs', run), folder, {}, signal);
  }

  /** A part of the table of a sweep's children: the first, or what comes behind `cursor`. */
  children(
    folder: string,
    run: string,
    cursor: string | null,
    signal?: AbortSignal
  ): Promise<Children> {
    const query = { cursor: cursor ?? undefined };
    return this._get(part('runs', run, 'children'), folder, query, signal);
  }

  /** The children of a sweep as charts show them; an empty `result` is the one that counts. */
  charts(folder: string, run: string, result: string, signal?: AbortSignal): Promise<Charts> {
    return this._get(part('runs', run, 'charts'), folder, { result }, signal);
  }

  /** The space of a sweep around its best child. */
  around(folder: string, run: string): Promise<Around> {
    return this._get(part('runs', run, 'around'), folder);
  }

  async deleteRun(folder: string, run: string): Promise<void> {
    await this._ask(part('runs', run), folder, { method: 'DELETE' });
  }

  cancel(folder: string, run: string): Promise<RunRow> {
    return this._ask(part('runs', run, 'cancel'), folder, { method: 'POST', body: {} });
  }

  pin(folder: string, run: string, pinned: boolean): Promise<RunRow> {
    return this._ask(part('runs', run, 'pin'), folder, { method: pinned ? 'PUT' : 'DELETE' });
  }

  rerun(folder: string, run: string, body: Rerun = {}): Promise<RunRow> {
    return this._ask(part('runs', run, 'rerun'), folder, { method: 'POST', body });
  }

  card(folder: string, run: string): Promise<Card> {
    return this._get(part('runs', run, 'card'), folder);
  }

  executed(folder: string, run: string): Promise<Executed> {
    return this._get(part('runs', run, 'notebook'), folder);
  }

  log(
    folder: string,
    run: string,
    line: number,
    lines: number,
    signal?: AbortSignal
  ): Promise<LogLines> {
    return this._get(part('runs', run, 'log'), folder, { line, lines }, signal);
  }

  searchLog(
    folder: string,
    run: string,
    text: string,
    line: number,
    signal?: AbortSignal
  ): Promise<Found> {
    return this._get(part('runs', run, 'log', 'search'), folder, { text, line }, signal);
  }

  metrics(folder: string, run: string, signal?: AbortSignal): Promise<Metrics> {
    return this._get(part('runs', run, 'metrics'), folder, {}, signal);
  }

  preview(folder: string, run: string, artifact: string): Promise<Preview> {
    return this._get(part('runs', run, 'artifacts', artifact, 'preview'), folder);
  }

  /** The address under which an artifact is downloaded; the whole log without one. */
  download(folder: string, run: string, artifact?: string): string {
    const path =
      artifact === undefined
        ? part('runs', run, 'log', 'file')
        : part('runs', run, 'artifacts', artifact);
    return addressOf(this._settings, path, { folder });
  }

  /** A picture of an artifact, as an object that only an `<img>` is given. */
  picture(folder: string, run: string, artifact: string, name: string): Promise<Blob> {
    const path = part('runs', run, 'artifacts', artifact, 'previews', name);
    return blob(this._settings, path, { query: { folder } });
  }

  diff(folder: string, run: string, against?: string): Promise<Comparison> {
    return this._get(part('runs', run, 'diff'), folder, { against });
  }

  compare(folder: string, runs: readonly string[]): Promise<Table> {
    return this._get('compare', folder, { run: runs });
  }

  functions(folder: string): Promise<Functions> {
    return this._get('functions', folder);
  }

  function(
    folder: string,
    name: string,
    version?: string,
    signal?: AbortSignal
  ): Promise<FunctionDetail> {
    return this._get(part('functions', name), folder, { version }, signal);
  }

  versions(folder: string, name: string, cursor?: string): Promise<Versions> {
    return this._get(part('functions', name, 'versions'), folder, { cursor });
  }

  versionDiff(
    folder: string,
    name: string,
    version: string,
    against?: string
  ): Promise<VersionComparison> {
    return this._get(part('functions', name, 'versions', version, 'diff'), folder, { against });
  }

  moveTag(folder: string, name: string, tag: string, version: string): Promise<VersionRow> {
    const path = part('functions', name, 'tags', tag);
    return this._ask(path, folder, { method: 'PUT', body: { version } });
  }

  start(folder: string, name: string, body: RunFunction): Promise<RunRow> {
    return this._ask(part('functions', name, 'runs'), folder, { method: 'POST', body });
  }

  functionCells(
    folder: string,
    cells: readonly CellText[],
    signal?: AbortSignal
  ): Promise<FunctionCells> {
    const asked: IRequest = { method: 'POST', body: { cells } };
    return this._ask('notebook/functions', folder, signal ? { ...asked, signal } : asked);
  }

  propose(
    folder: string,
    cells: readonly CellText[],
    index: number,
    name: string
  ): Promise<Proposal> {
    const body = { cells, index, name };
    return this._ask('notebook/proposal', folder, { method: 'POST', body });
  }

  edit(folder: string, source: string, options: Readonly<Record<string, string>>): Promise<Edited> {
    return this._ask('notebook/edit', folder, { method: 'POST', body: { source, options } });
  }

  private _get<T>(
    path: string,
    folder: string,
    query: IRequest['query'] = {},
    signal?: AbortSignal
  ): Promise<T> {
    return this._ask(path, folder, signal ? { query, signal } : { query });
  }

  private _ask<T>(path: string, folder: string, { query, ...asked }: IRequest): Promise<T> {
    return request(this._settings, path, { ...asked, query: { ...query, folder } });
  }
}
