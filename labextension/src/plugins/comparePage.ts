import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { CommandIDs } from '../commandIds';
import type { ComparePage } from '../compare/page';
import { IDesk } from '../desk';
import { TARGET, targetOf } from '../run/target';
import { IRunPages, IStarted } from '../run/tokens';

/** Puts runs beside each other. */
export const comparePage: JupyterFrontEndPlugin<void> = {
  id: 'mlrun-nb:compare-page',
  description: 'A page with several runs beside each other.',
  autoStart: true,
  requires: [IDesk, IRunPages, IStarted],
  optional: [ILayoutRestorer, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    desk: IDesk,
    pages: IRunPages,
    started: IStarted,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null
  ): void => {
    const { trans } = desk;
    const tracker = new WidgetTracker<MainAreaWidget<ComparePage>>({
      namespace: 'mlrun-nb-compare'
    });
    app.commands.addCommand(CommandIDs.compareRuns, {
      label: trans.__('Compare Runs'),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            ...TARGET,
            background: {
              type: 'boolean',
              description: 'Whether it stays behind the page in front'
            }
          }
        }
      },
      isEnabled: args => targetOf(app, desk, pages, args).runs.length > 0,
      execute: async args => {
        const asked = targetOf(app, desk, pages, args);
        const { RunActions } = await import('../run/actions');
        const runs = await new RunActions(desk, started).compared(asked);
        if (runs.length === 0) {
          return undefined;
        }
        const known = tracker.find(({ content }) => content.runs.join() === runs.join());
        if (known) {
          app.shell.activateById(known.id);
          return known;
        }
        const { ComparePage } = await import('../compare/page');
        const content = new ComparePage(desk, asked.folder, runs);
        const widget = new MainAreaWidget({ content });
        widget.toolbar.hide();
        widget.id = `mlrun-nb-compare-${runs.join('-')}`;
        content.moved.connect(() => void tracker.save(widget));
        await tracker.add(widget);
        app.shell.add(widget, 'main', { activate: args.background !== true });
        return widget;
      }
    });
    palette?.addItem({ command: CommandIDs.compareRuns, category: trans.__('Functions and Runs') });
    void restorer?.restore(tracker, {
      command: CommandIDs.compareRuns,
      args: ({ content: { runs, folder } }) => ({ runs: [...runs], folder, background: true }),
      name: ({ content: { runs, folder } }) => `${folder}/${runs.join(' ')}`
    });
  }
};
