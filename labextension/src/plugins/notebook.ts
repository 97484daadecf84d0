import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Widget } from '@lumino/widgets';
import { CommandIDs, NO_ARGUMENTS } from '../commandIds';
import { IDesk } from '../desk';
import { INotebookFunctions, NotebookModel } from '../notebook/model';

const CELL_ARGUMENTS = {
  type: 'object',
  properties: {
    index: {
      type: 'number',
      description: 'The index of the cell; the active one where it is left out.'
    },
    path: { type: 'string', description: 'The notebook; the one in front where it is left out.' }
  },
  additionalProperties: false
} as const;

/** Provides the functions of the open notebook, and commands for its cells. */
export const notebook: JupyterFrontEndPlugin<INotebookFunctions> = {
  id: 'mlrun-nb:notebook',
  description: 'Knows the functions of the open notebook, and runs them.',
  autoStart: true,
  requires: [IDesk, INotebookTracker, IDocumentManager],
  optional: [ICommandPalette],
  provides: INotebookFunctions,
  activate: (
    app: JupyterFrontEnd,
    desk: IDesk,
    tracker: INotebookTracker,
    documents: IDocumentManager,
    palette: ICommandPalette | null
  ): INotebookFunctions => {
    const { commands, trans } = desk;
    const model = new NotebookModel(desk, tracker);
    const open = async (path: string): Promise<Widget | undefined> => {
      const { openNotebook } = await import('../notebook/opening');
      try {
        return await openNotebook(documents, path, trans);
      } catch (error) {
        const { complain } = await import('../run/actions');
        complain(error);
        return undefined;
      }
    };
    const panelOf = async ({ path }: ReadonlyPartialJSONObject): Promise<NotebookPanel | null> => {
      if (typeof path !== 'string' || path === tracker.currentWidget?.context.path) {
        return tracker.currentWidget;
      }
      await open(path);
      const panel = tracker.find(each => each.context.path === path) ?? null;
      await panel?.revealed;
      return panel;
    };
    const indexOf = ({ index }: ReadonlyPartialJSONObject, panel: NotebookPanel): number =>
      typeof index === 'number' ? index : panel.content.activeCellIndex;

    commands.addCommand(CommandIDs.openNotebook, {
      label: trans.__('Open the Function’s Notebook'),
      describedBy: {
        args: {
          type: 'object',
          required: ['path'],
          properties: { path: { type: 'string', description: 'The notebook.' } }
        }
      },
      execute: ({ path }) => (typeof path === 'string' ? open(path) : undefined)
    });
    commands.addCommand(CommandIDs.goToCell, {
      label: trans.__('Go to the Function’s Cell'),
      describedBy: { args: CELL_ARGUMENTS },
      execute: async args => {
        const panel = await panelOf(args);
        if (panel) {
          const { goToCell } = await import('../notebook/actions');
          app.shell.activateById(panel.id);
          await goToCell(panel, indexOf(args, panel));
        }
      }
    });
    commands.addCommand(CommandIDs.runCell, {
      label: trans.__('Run the Function’s Cell'),
      describedBy: { args: CELL_ARGUMENTS },
      execute: async args => {
        const panel = await panelOf(args);
        if (panel) {
          const { runCells } = await import('../notebook/actions');
          return runCells(panel, [indexOf(args, panel)]);
        }
        return false;
      }
    });
    commands.addCommand(CommandIDs.runChanged, {
      label: trans.__('Run Changed Functions of This Notebook'),
      describedBy: { args: NO_ARGUMENTS },
      isEnabled: () => model.edited.length > 0,
      execute: async () => {
        const { runCells } = await import('../notebook/actions');
        const indexes = model.edited.map(({ index }) => index);
        return model.panel === null ? false : runCells(model.panel, indexes);
      }
    });
    palette?.addItem({ command: CommandIDs.runChanged, category: trans.__('Functions and Runs') });
    model.changed.connect(() => {
      commands.notifyCommandChanged(CommandIDs.runChanged);
    });
    return model;
  }
};
