import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { CommandIDs } from '../commandIds';
import { IDesk } from '../desk';
import { ITEM } from '../hub/arguments';

const ARGUMENTS = {
  type: 'object',
  required: ['source', 'name'],
  properties: { ...ITEM, folder: { type: 'string', description: 'A folder of the project' } }
} as const;

/** Has a project use items of hubs, and gives its functions to them. */
export const install: JupyterFrontEndPlugin<void> = {
  id: 'mlrun-nb:install',
  description: 'Installs functions of the hub in a project, and publishes those of a project.',
  autoStart: true,
  requires: [IDesk],
  activate: (app: JupyterFrontEnd, desk: IDesk): void => {
    const { trans } = desk;
    const folderOf = (folder: unknown): string =>
      typeof folder === 'string' ? folder : desk.place.folder;
    for (const [command, label] of [
      [CommandIDs.installItem, trans.__('Install Function of the Hub')],
      [CommandIDs.uninstallItem, trans.__('Uninstall Function of the Hub')]
    ] as const) {
      app.commands.addCommand(command, {
        label,
        describedBy: { args: ARGUMENTS },
        execute: async ({ source, name, version, folder }) => {
          if (typeof source === 'string' && typeof name === 'string') {
            const { installItem, uninstallItem } = await import('../hub/install');
            const item = { source, name, ...(typeof version === 'string' && { version }) };
            const act = command === CommandIDs.installItem ? installItem : uninstallItem;
            await act(desk, folderOf(folder), item);
          }
        }
      });
    }
    app.commands.addCommand(CommandIDs.publishFunction, {
      label: trans.__('Publish to a Hub…'),
      describedBy: {
        args: {
          type: 'object',
          required: ['function'],
          properties: {
            function: { type: 'string', description: 'The name of the function' },
            folder: { type: 'string', description: 'A folder of its project' }
          }
        }
      },
      execute: async args => {
        if (typeof args.function === 'string') {
          const { askPublish } = await import('../hub/publishDialog');
          await askPublish(desk, folderOf(args.folder), args.function);
        }
      }
    });
  }
};
