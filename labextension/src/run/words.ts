/** How runs are quoted. */

/** As much of a run's id as people quote. */
export function shortRun(id: string): string {
  return id.slice(0, 6);
}
