/** Which runs a command means. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IDesk } from '../desk';
import { isFinal } from '../kit/state';
import type { IRunsOf } from './actions';
import type { IRunPages } from './tokens';

/** The row of a run in a list. */
const ROW = '.jp-mlrun-nb-Run';

/** The arguments that say it, for a command's description. */
export const TARGET = {
  run: { type: 'string', description: 'The id of the run; that of the page in front without' },
  runs: { type: 'array', items: { type: 'string' }, description: 'The ids of several runs' },
  folder: { type: 'string', description: 'A folder of their project; the one in force without' },
  isRow: { type: 'boolean', description: 'Whether the row under the context menu is meant' }
} as const;

/** Whether one of them may still be under way, as far as the page knows. */
export function mayBeOpen(
  app: JupyterFrontEnd,
  pages: IRunPages,
  args: ReadonlyPartialJSONObject,
  { runs }: IRunsOf
): boolean {
  if (args.isRow === true) {
    return rowsUnderMenu(app).some(
      row => row.querySelector('.jp-mod-running, .jp-mod-pending') !== null
    );
  }
  return runs.some(id => {
    const run = pages.find(({ content }) => content.run === id)?.content.detail.value?.run;
    return run === undefined || (!isFinal(run.state) && !run.cancelling);
  });
}

/** The runs that `args` name, those under the context menu, or the one whose page is in front. */
export function targetOf(
  app: JupyterFrontEnd,
  desk: IDesk,
  pages: IRunPages,
  args: ReadonlyPartialJSONObject
): IRunsOf {
  const page = pages.currentWidget;
  const front = page && app.shell.currentWidget === page ? page.content : undefined;
  const stated = args.isRow === true ? underMenu(app) : statedIn(args);
  const runs = stated ?? (front ? [front.run] : []);
  const isFront = front !== undefined && runs.length === 1 && runs[0] === front.run;
  const folder =
    typeof args.folder === 'string' ? args.folder : isFront ? front.folder : desk.place.folder;
  return { runs, folder };
}

function statedIn({ run, runs }: ReadonlyPartialJSONObject): readonly string[] | undefined {
  if (Array.isArray(runs)) {
    return (runs as readonly unknown[]).filter(each => typeof each === 'string');
  }
  return typeof run === 'string' ? [run] : undefined;
}

function underMenu(app: JupyterFrontEnd): readonly string[] {
  return rowsUnderMenu(app).flatMap(({ dataset: { run } }) => (run === undefined ? [] : [run]));
}

/** The row that was clicked; where that is one of several that are selected, those too. */
function rowsUnderMenu(app: JupyterFrontEnd): readonly HTMLElement[] {
  const row = app.contextMenuHitTest(node => node.matches(ROW));
  if (row === undefined) {
    return [];
  }
  const list = row.getAttribute('aria-selected') === 'true' ? row.closest('[role=listbox]') : null;
  return list ? [...list.querySelectorAll<HTMLElement>(`${ROW}[aria-selected=true]`)] : [row];
}
