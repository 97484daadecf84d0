/** What is done with the function cells of a notebook: go there, run them in its kernel. */

import { SessionContextDialogs } from '@jupyterlab/apputils';
import type { Cell } from '@jupyterlab/cells';
import { NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';

/** Bring the cell at `index` into sight and make it the active one. */
export async function goToCell(panel: NotebookPanel, index: number): Promise<void> {
  const { content } = panel;
  content.activeCellIndex = index;
  content.deselectAll();
  await content.scrollToItem(index, 'smart');
  content.activate();
}

const LOAD = '%load_ext mlrun_nb';

/** Run cells as the user would, in their order; a cell that fails ends it, as Run All does. */
export async function runCells(panel: NotebookPanel, indexes: readonly number[]): Promise<boolean> {
  if (!(await hasKernel(panel))) {
    return false;
  }
  await loadMagic(panel);
  const cells = indexes
    .map(index => panel.content.widgets[index])
    .filter((cell): cell is Cell => cell !== undefined);
  const went = await NotebookActions.runCells(panel.content, cells, panel.sessionContext);
  const broken = cells.find(hasError);
  if (!went && broken !== undefined) {
    await goToCell(panel, panel.content.widgets.indexOf(broken));
  }
  return went;
}

/** Have the kernel know `%%mlrun`: whoever runs a function by a click need not have typed how to load it. */
async function loadMagic({ sessionContext }: NotebookPanel): Promise<void> {
  const kernel = sessionContext.session?.kernel;
  await kernel?.requestExecute({ code: LOAD, silent: true, store_history: false }).done;
}

/** Whether there is a kernel now: one that was shut down is started, and where none was chosen the user is asked. */
async function hasKernel({ sessionContext }: NotebookPanel): Promise<boolean> {
  await sessionContext.ready;
  if (sessionContext.hasNoKernel && (await sessionContext.startKernel())) {
    await new SessionContextDialogs().selectKernel(sessionContext);
  }
  return !sessionContext.hasNoKernel;
}

/** Whether what a cell left holds an error. */
function hasError(cell: Cell): boolean {
  const { outputs } = cell.model.toJSON();
  return (
    Array.isArray(outputs) &&
    (outputs as readonly { output_type?: unknown }[]).some(each => each.output_type === 'error')
  );
}
