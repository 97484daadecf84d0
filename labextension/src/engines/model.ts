/** The Dask clusters of a project, and what the server says when one cannot be changed. */

import { ApiError } from '../api/problem';
import type { ClusterRow, Clusters } from '../api/types';
import type { IDesk } from '../desk';
import { Live } from '../kit/live';

/** While there is a cluster that somebody can see, it is looked at so often. */
const EVERY_MS = 5000;
/** Runs come and go faster than clusters change. */
const REST_MS = 1000;

/** The clusters, kept current while they are seen; where there are none, only when something has changed. */
export function clustersOf(desk: Pick<IDesk, 'api' | 'changes' | 'place'>): Live<Clusters> {
  const { api } = desk;
  return new Live(desk, (folder, signal) => api.clusters(folder, signal), {
    restMs: REST_MS,
    everyMs: found => (isAnything(found) ? EVERY_MS : undefined)
  });
}

/** Whether there is a cluster, or a place that could have one and does not answer. */
export function isAnything(found: Clusters | undefined): boolean {
  return found !== undefined && found.clusters.length + found.unknown.length > 0;
}

/** How many workers it is to have, as one types it: `2`, `1..3`. */
export function wanted({ least, most }: ClusterRow): string {
  return least === most ? String(most) : `${least}..${most}`;
}

/** Core hours to two digits that say something, the least of them thousandths. */
export function coreHours(hours: number): string {
  return hours >= 100 ? hours.toFixed(0) : String(Number(Number(hours.toPrecision(2)).toFixed(3)));
}

/** Whether the server refused only because runs would fail: it offers `--force` then. */
export function wouldForce(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409 && /--force\b/.test(error.hint);
}
