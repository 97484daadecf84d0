import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { CommandIDs } from '../commandIds';
import { IDesk } from '../desk';
import { ITEM } from '../hub/arguments';
import type { IItemPlace, ItemPage } from '../hub/page';
import { IStarted } from '../run/tokens';

/** Opens the page of an item of a hub; one that is open already comes to the front. */
export const hubPage: JupyterFrontEndPlugin<void> = {
  id: 'mlrun-nb:hub-page',
  description:
    'A page for each function of a hub: what it is, its source, and a form that runs it.',
  autoStart: true,
  requires: [IDesk, IStarted, IRenderMimeRegistry],
  optional: [ILayoutRestorer, IEditorLanguageRegistry],
  activate: (
    app: JupyterFrontEnd,
    desk: IDesk,
    started: IStarted,
    rendermime: IRenderMimeRegistry,
    restorer: ILayoutRestorer | null,
    languages: IEditorLanguageRegistry | null
  ): void => {
    const tracker = new WidgetTracker<MainAreaWidget<ItemPage>>({ namespace: 'mlrun-nb-hub' });
    app.commands.addCommand(CommandIDs.openItem, {
      label: desk.trans.__('Open Function of the Hub'),
      describedBy: {
        args: {
          type: 'object',
          required: ['source', 'name'],
          properties: {
            ...ITEM,
            folder: { type: 'string', description: 'A folder of the project whose sources it has' },
            tab: { type: 'string', description: 'about, run, example, source or versions' },
            background: {
              type: 'boolean',
              description: 'Whether it stays behind the page in front'
            }
          }
        }
      },
      execute: async args => {
        if (typeof args.source !== 'string' || typeof args.name !== 'string') {
          return undefined;
        }
        const place = {
          source: args.source,
          name: args.name,
          folder: typeof args.folder === 'string' ? args.folder : desk.place.folder,
          version: typeof args.version === 'string' ? args.version : undefined,
          tab: typeof args.tab === 'string' ? args.tab : undefined
        };
        const known = tracker.find(({ content }) => idOf(content) === idOf(place));
        const widget = known ?? (await open(place));
        known?.content.openVersion(place.version);
        known?.content.openTab(place.tab);
        if (args.background !== true) {
          app.shell.activateById(widget.id);
        }
        return widget;
      }
    });
    const open = async (place: IItemPlace): Promise<MainAreaWidget<ItemPage>> => {
      const { ItemPage } = await import('../hub/page');
      const content = new ItemPage(desk, place, { started, languages, rendermime });
      const widget = new MainAreaWidget({ content });
      widget.toolbar.hide();
      widget.id = `mlrun-nb-hub-${idOf(place)}`;
      content.moved.connect(() => void tracker.save(widget));
      await tracker.add(widget);
      app.shell.add(widget, 'main');
      return widget;
    };
    void restorer?.restore(tracker, {
      command: CommandIDs.openItem,
      args: ({ content: { source, name, folder, version, tab } }) => ({
        source,
        name,
        folder,
        tab,
        background: true,
        ...(version && { version })
      }),
      name: ({ content }) => idOf(content)
    });
  }
};

function idOf({ folder, source, name }: Pick<IItemPlace, 'folder' | 'source' | 'name'>): string {
  return `${folder}/${source}/${name}`;
}
