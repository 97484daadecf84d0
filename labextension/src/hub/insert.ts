/** Code of an item, put into a notebook. */

import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IItem } from '../api/hub';
import type { IDesk } from '../desk';
import { goToCell } from '../notebook/actions';
import { folderOf, textsOf } from '../notebook/texts';
import { framesOf } from './frames';

const SAID_MS = 6000;
const LOAD = '%load_ext mlrun_nb';

/** A cell that uses it, or its source as cells. */
export type Kind = 'use' | 'source';

/** Put it below the active cell, which is the last of what was put in afterwards. */
export async function insertItem(
  desk: IDesk,
  panel: NotebookPanel,
  item: IItem,
  kind: Kind
): Promise<void> {
  await panel.context.ready;
  const frames = kind === 'use' ? await framesOf(panel.sessionContext) : [];
  const folder = folderOf(panel.context.path);
  const asked = { kind, frames, ...(item.version && { version: item.version }) };
  const { cells, notices } = await desk.api.hub.cells(folder, item, asked);
  const isLoaded = textsOf(panel).some(({ source }) => source.includes(LOAD));
  await put(panel, kind === 'source' && !isLoaded ? [LOAD, ...cells] : cells);
  for (const notice of notices) {
    Notification.info(notice.replaceAll('`', ''), { autoClose: SAID_MS });
  }
}

/** Ask whether there is to be a notebook, where none is open. */
export async function wantsNotebook({ trans }: IDesk): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('No notebook is open'),
    body: trans.__('A new one can be made for it.'),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans.__('New Notebook') })
    ]
  });
  return button.accept;
}

/** All of them in one step of undo; a notebook of one empty cell has no empty cell afterwards. */
async function put(panel: NotebookPanel, sources: readonly string[]): Promise<void> {
  const { content } = panel;
  const notebook = content.model?.sharedModel;
  if (notebook === undefined) {
    return;
  }
  const { cells } = notebook;
  const isEmpty = cells.length === 1 && cells[0]?.getSource().trim() === '';
  const at = isEmpty ? 0 : content.activeCellIndex + 1;
  notebook.transact(() => {
    notebook.insertCells(
      at,
      sources.map(source => ({ cell_type: 'code', source, metadata: {}, outputs: [] }))
    );
    if (isEmpty) {
      notebook.deleteCell(sources.length);
    }
  });
  content.mode = 'command';
  await goToCell(panel, at + sources.length - 1);
}
