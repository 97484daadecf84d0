/** The one way to the server: `request<T>(settings, 'runs')`. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { problemOf, unreachable } from './problem';

const NAMESPACE = 'mlrun-nb/api';

/** What a request may say besides its path. */
export interface IRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Written behind `?`; what is undefined is left out. */
  readonly query?: Readonly<
    Record<string, string | number | boolean | readonly string[] | undefined>
  >;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Ends the request early. */
  readonly signal?: AbortSignal;
}

/**
 * Ask the server; every failure is an `ApiError`, and an aborted request the `AbortError` of its signal.
 *
 * @param settings `app.serviceManager.serverSettings`, so that a token and a hub's prefix are right
 * @param path below `mlrun-nb/api`, its parts encoded
 */
export async function request<T>(
  settings: ServerConnection.ISettings,
  path: string,
  asked: IRequest = {}
): Promise<T> {
  const text = await (await successOf(settings, path, asked)).text();
  // The types are generated from the server's schema, and its tests hold the server to it.
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Ask the server for a file. */
export async function blob(
  settings: ServerConnection.ISettings,
  path: string,
  asked: IRequest = {}
): Promise<Blob> {
  return (await successOf(settings, path, asked)).blob();
}

/** The address of a route, for a link that the browser follows itself. */
export function addressOf(
  settings: ServerConnection.ISettings,
  path: string,
  query: NonNullable<IRequest['query']>
): string {
  return URLExt.join(settings.baseUrl, NAMESPACE, path) + queryOf(query);
}

/** A path of several parts, whatever is in them. */
export function part(...parts: readonly string[]): string {
  return parts.map(encodeURIComponent).join('/');
}

async function successOf(
  settings: ServerConnection.ISettings,
  path: string,
  { method = 'GET', query = {}, body, signal }: IRequest
): Promise<Response> {
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
  }
  if (signal) {
    init.signal = signal;
  }
  const response = await answerOf(addressOf(settings, path, query), init, settings);
  if (!response.ok) {
    const contentType = response.headers.get('Content-Type') ?? '';
    throw problemOf({ status: response.status, contentType, text: await response.text() });
  }
  return response;
}

async function answerOf(
  url: string,
  init: RequestInit,
  settings: ServerConnection.ISettings
): Promise<Response> {
  try {
    return await ServerConnection.makeRequest(url, init, settings);
  } catch (error) {
    init.signal?.throwIfAborted();
    throw unreachable(error);
  }
}

function queryOf(query: NonNullable<IRequest['query']>): string {
  const stated = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap(each =>
      each === undefined ? [] : [[name, String(each)]]
    )
  );
  return stated.length > 0 ? `?${new URLSearchParams(stated).toString()}` : '';
}
