import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { CommandIDs } from '../commandIds';
import { IDesk } from '../desk';
import { TARGET, targetOf } from '../run/target';
import { IRunPages } from '../run/tokens';
import type { RunPage } from '../run/page';

/** Opens the page of a run; one that is open already comes to the front. */
export const runPage: JupyterFrontEndPlugin<IRunPages> = {
  id: 'mlrun-nb:run-page',
  description: 'A page for each run: what it did, what it printed, what came of it.',
  autoStart: true,
  requires: [IDesk],
  optional: [ILayoutRestorer, IRenderMimeRegistry],
  provides: IRunPages,
  activate: (
    app: JupyterFrontEnd,
    desk: IDesk,
    restorer: ILayoutRestorer | null,
    rendermime: IRenderMimeRegistry | null
  ): IRunPages => {
    const { trans } = desk;
    const tracker = new WidgetTracker<MainAreaWidget<RunPage>>({ namespace: 'mlrun-nb-run' });
    app.commands.addCommand(CommandIDs.openRun, {
      label: trans.__('Open Run'),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            ...TARGET,
            tab: {
              type: 'string',
              description: 'overview, children, cells, log, metrics, artifacts or changed'
            },
            background: {
              type: 'boolean',
              description: 'Whether it stays behind the page in front'
            }
          }
        }
      },
      execute: async args => {
        const { runs, folder } = targetOf(app, desk, tracker, args);
        const [run] = runs;
        if (run === undefined) {
          return undefined;
        }
        const tab = typeof args.tab === 'string' ? args.tab : undefined;
        const place = { run, folder, tab };
        const known = tracker.find(({ content }) => content.run === place.run);
        const widget = known ?? (await open(place));
        known?.content.openTab(tab);
        if (args.background !== true) {
          app.shell.activateById(widget.id);
        }
        return widget;
      }
    });
    const open = async (place: {
      readonly run: string;
      readonly folder: string;
      readonly tab: string | undefined;
    }): Promise<MainAreaWidget<RunPage>> => {
      const { RunPage } = await import('../run/page');
      const content = new RunPage(desk, place, rendermime);
      const widget = new MainAreaWidget({ content });
      widget.toolbar.hide();
      widget.id = `mlrun-nb-run-${place.run}`;
      content.moved.connect(() => void tracker.save(widget));
      await tracker.add(widget);
      app.shell.add(widget, 'main');
      return widget;
    };
    void restorer?.restore(tracker, {
      command: CommandIDs.openRun,
      args: ({ content: { run, folder, tab } }) => ({
        run,
        folder,
        background: true,
        ...(tab && { tab })
      }),
      name: ({ content }) => content.run
    });
    return tracker;
  }
};
