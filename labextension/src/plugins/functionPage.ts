import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { CommandIDs } from '../commandIds';
import { IDesk } from '../desk';
import type { FunctionPage, IFunctionPlace } from '../functions/page';
import { IStarted } from '../run/tokens';

/** Opens the page of a function; one that is open already comes to the front. */
export const functionPage: JupyterFrontEndPlugin<void> = {
  id: 'mlrun-nb:function-page',
  description: 'A page for each function: its versions, its source, and a form that runs it.',
  autoStart: true,
  requires: [IDesk, IStarted],
  optional: [ILayoutRestorer, IEditorLanguageRegistry],
  activate: (
    app: JupyterFrontEnd,
    desk: IDesk,
    started: IStarted,
    restorer: ILayoutRestorer | null,
    languages: IEditorLanguageRegistry | null
  ): void => {
    const { trans } = desk;
    const tracker = new WidgetTracker<MainAreaWidget<FunctionPage>>({
      namespace: 'mlrun-nb-function'
    });
    app.commands.addCommand(CommandIDs.openFunction, {
      label: trans.__('Open Function'),
      describedBy: {
        args: {
          type: 'object',
          required: ['function'],
          properties: {
            function: { type: 'string', description: 'The name of the function' },
            version: { type: 'string', description: 'A tag or a hash; the latest one without' },
            folder: { type: 'string', description: 'A folder of its project' },
            tab: { type: 'string', description: 'run, versions or source' },
            background: {
              type: 'boolean',
              description: 'Whether it stays behind the page in front'
            }
          }
        }
      },
      execute: async args => {
        if (typeof args.function !== 'string') {
          return undefined;
        }
        const place = {
          function: args.function,
          folder: typeof args.folder === 'string' ? args.folder : desk.place.folder,
          version: typeof args.version === 'string' ? args.version : undefined,
          tab: typeof args.tab === 'string' ? args.tab : undefined
        };
        const known = tracker.find(
          ({ content }) => content.name === place.function && content.folder === place.folder
        );
        const widget = known ?? (await open(place));
        known?.content.openVersion(place.version);
        known?.content.openTab(place.tab);
        if (args.background !== true) {
          app.shell.activateById(widget.id);
        }
        return widget;
      }
    });
    const open = async (place: IFunctionPlace): Promise<MainAreaWidget<FunctionPage>> => {
      const { FunctionPage } = await import('../functions/page');
      const content = new FunctionPage(desk, place, { started, languages });
      const widget = new MainAreaWidget({ content });
      widget.toolbar.hide();
      widget.id = `mlrun-nb-function-${place.folder}-${place.function}`;
      content.moved.connect(() => void tracker.save(widget));
      await tracker.add(widget);
      app.shell.add(widget, 'main');
      return widget;
    };
    void restorer?.restore(tracker, {
      command: CommandIDs.openFunction,
      args: ({ content: { name, folder, version, tab } }) => ({
        function: name,
        folder,
        tab,
        background: true,
        ...(version && { version })
      }),
      name: ({ content: { name, folder } }) => `${folder}/${name}`
    });
  }
};
