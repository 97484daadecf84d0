import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { CommandIDs } from '../commandIds';
import { IDesk } from '../desk';
import { ITEM } from '../hub/arguments';

/** JupyterLab's own. */
const NEW_NOTEBOOK = 'notebook:create-new';

/** Puts code of a hub's items into notebooks. */
export const insert: JupyterFrontEndPlugin<void> = {
  id: 'mlrun-nb:insert',
  description: 'Inserts a cell that uses a function of the hub, or its source.',
  autoStart: true,
  requires: [IDesk, INotebookTracker],
  activate: (app: JupyterFrontEnd, desk: IDesk, tracker: INotebookTracker): void => {
    const { trans } = desk;
    const panelInFront = async (folder: string): Promise<NotebookPanel | null> => {
      if (tracker.currentWidget !== null) {
        return tracker.currentWidget;
      }
      const { wantsNotebook } = await import('../hub/insert');
      if (await wantsNotebook(desk)) {
        await app.commands.execute(NEW_NOTEBOOK, { cwd: folder, kernelName: 'python3' });
      }
      return tracker.currentWidget;
    };
    app.commands.addCommand(CommandIDs.insertItem, {
      label: trans.__('Insert Function of the Hub'),
      describedBy: {
        args: {
          type: 'object',
          required: ['source', 'name'],
          properties: {
            ...ITEM,
            kind: { type: 'string', description: '`use`, a cell that runs it, or `source`' },
            folder: { type: 'string', description: 'Where a new notebook is made' }
          }
        }
      },
      execute: async ({ source, name, version, kind, folder }) => {
        if (typeof source !== 'string' || typeof name !== 'string') {
          return;
        }
        const { insertItem } = await import('../hub/insert');
        const panel = await panelInFront(typeof folder === 'string' ? folder : desk.place.folder);
        if (panel === null) {
          return;
        }
        try {
          const item = { source, name, ...(typeof version === 'string' && { version }) };
          await insertItem(desk, panel, item, kind === 'source' ? 'source' : 'use');
          app.shell.activateById(panel.id);
        } catch (error) {
          const { complain } = await import('../run/actions');
          complain(error);
        }
      }
    });
  }
};
