import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { IStateDB } from '@jupyterlab/statedb';
import { CommandIDs, NO_ARGUMENTS } from '../commandIds';
import { IDesk } from '../desk';
import { panelIcon } from '../icons';
import { Deferred } from '../kit/deferred';
import { INotebookFunctions } from '../notebook/model';
import { FrontRun } from '../run/front';
import { IRunPages } from '../run/tokens';

/** By which the shell finds the panel, and a restored layout its place. */
const ID = 'mlrun-nb-panel';

/** Adds the side panel. */
export const panel: JupyterFrontEndPlugin<void> = {
  id: 'mlrun-nb:panel',
  description: 'A side panel with the functions of this folder and their runs.',
  autoStart: true,
  requires: [IDesk, IRunPages],
  optional: [ILayoutRestorer, INotebookFunctions, IStateDB, ICommandPalette, ILauncher],
  activate: (
    app: JupyterFrontEnd,
    desk: IDesk,
    pages: IRunPages,
    restorer: ILayoutRestorer | null,
    notebook: INotebookFunctions | null,
    state: IStateDB | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null
  ): void => {
    const { trans } = desk;
    const title = trans.__('Functions and runs');
    const front = new FrontRun(pages, app.shell);
    const widget = new Deferred(async () => {
      const { FunctionsAndRuns } = await import('../panel/widget');
      return new FunctionsAndRuns(desk, { front, notebook, state });
    });
    widget.id = ID;
    widget.title.icon = panelIcon;
    widget.title.caption = title;
    widget.node.setAttribute('role', 'region');
    widget.node.setAttribute('aria-label', title);
    app.shell.add(widget, 'left', { rank: 300 });
    restorer?.add(widget, ID);
    app.commands.addCommand(CommandIDs.showPanel, {
      label: args =>
        args.isLauncher === true
          ? trans.__('Functions and Runs')
          : trans.__('Show Functions and Runs'),
      caption: trans.__('Functions of this folder and what came of their runs'),
      icon: panelIcon,
      describedBy: {
        args: { type: 'object', properties: { isLauncher: { type: 'boolean' } } }
      },
      execute: () => {
        app.shell.activateById(ID);
      }
    });
    app.commands.addCommand(CommandIDs.search, {
      label: trans.__('Search Runs'),
      describedBy: { args: NO_ARGUMENTS },
      execute: async () => {
        app.shell.activateById(ID);
        (await widget.content).search();
      }
    });
    app.commands.addCommand(CommandIDs.searchHub, {
      label: trans.__('Search the Hub'),
      describedBy: { args: NO_ARGUMENTS },
      execute: async () => {
        app.shell.activateById(ID);
        (await widget.content).searchHub();
      }
    });
    launcher?.add({
      command: CommandIDs.showPanel,
      args: { isLauncher: true },
      category: trans.__('Other'),
      rank: 5
    });
    for (const command of [CommandIDs.showPanel, CommandIDs.search, CommandIDs.searchHub]) {
      palette?.addItem({ command, category: trans.__('Functions and Runs') });
    }
  }
};
