import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Rerun } from '../api/types';
import { CommandIDs } from '../commandIds';
import { IDesk } from '../desk';
import type { IRunsOf, RunActions } from '../run/actions';
import { mayBeOpen, TARGET, targetOf } from '../run/target';
import { IRunPages, IStarted } from '../run/tokens';
import { NO_KERNEL } from './executed';

/** What can be done with a run: from its page, the list, the palette and context menus. */
export const actions: JupyterFrontEndPlugin<void> = {
  id: 'mlrun-nb:actions',
  description: 'Cancel, rerun, delete, pin and compare runs; copy what does the same elsewhere.',
  autoStart: true,
  requires: [IDesk, IRunPages, IStarted],
  optional: [IDocumentManager, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    desk: IDesk,
    pages: IRunPages,
    started: IStarted,
    documents: IDocumentManager | null,
    palette: ICommandPalette | null
  ): void => {
    const { commands } = app;
    const { trans } = desk;
    let loaded: Promise<RunActions> | undefined;
    const act = (): Promise<RunActions> => (loaded ??= load(desk, started));
    const target = (args: ReadonlyPartialJSONObject): IRunsOf => targetOf(app, desk, pages, args);
    const add = (
      id: string,
      label: NonNullable<CommandRegistry.ICommandOptions['label']>,
      execute: (asked: IRunsOf, args: ReadonlyPartialJSONObject) => Promise<unknown>,
      more: Readonly<Record<string, object>> = {},
      isEnabled: (args: ReadonlyPartialJSONObject, asked: IRunsOf) => boolean = () => true
    ): void => {
      commands.addCommand(id, {
        label,
        describedBy: { args: { type: 'object', properties: { ...TARGET, ...more } } },
        isEnabled: args => {
          const asked = target(args);
          return asked.runs.length > 0 && isEnabled(args, asked);
        },
        execute: args => execute(target(args), args)
      });
      palette?.addItem({ command: id, category: trans.__('Functions and Runs') });
    };
    const deletion = (count: number): string =>
      trans._n('Delete Run…', 'Delete %1 Runs…', Math.max(1, count));
    add(
      CommandIDs.cancelRun,
      trans.__('Cancel Run'),
      async asked => (await act()).cancel(asked),
      {},
      (args, asked) => mayBeOpen(app, pages, args, asked)
    );
    add(
      CommandIDs.rerun,
      trans.__('Rerun'),
      async (asked, args) => (await act()).rerun(asked, rerunOf(args), args.open === true),
      {
        parameters: { type: 'object', description: 'Parameters that are to be different' },
        options: { type: 'object', description: 'Options that are to be different' },
        on: { type: 'string', description: 'Another engine or profile' },
        open: { type: 'boolean', description: "Whether to open the new run's page" }
      }
    );
    add(CommandIDs.rerunWithEdits, trans.__('Rerun with Edits…'), async asked =>
      (await act()).rerunWithEdits(asked)
    );
    add(CommandIDs.sweepAround, trans.__('Sweep Again Around the Best…'), async asked =>
      (await act()).sweepAround(asked)
    );
    add(
      CommandIDs.deleteRuns,
      args => deletion(target(args).runs.length),
      async asked => {
        const gone = await (await act()).remove(asked);
        pages
          .filter(({ content }) => gone.includes(content.run))
          .forEach(page => {
            page.dispose();
          });
      }
    );
    add(
      CommandIDs.pinRun,
      ({ pinned }) =>
        typeof pinned === 'boolean'
          ? pinned
            ? trans.__('Pin Run')
            : trans.__('Unpin Run')
          : trans.__('Pin or Unpin Run'),
      async (asked, { pinned }) =>
        (await act()).pin(asked, typeof pinned === 'boolean' ? pinned : undefined),
      {
        pinned: { type: 'boolean', description: 'Whether it is to be kept; the other way without' }
      }
    );
    add(CommandIDs.copyCommand, trans.__('Copy CLI Command'), async asked =>
      (await act()).copy(asked, 'command')
    );
    add(CommandIDs.copyPython, trans.__('Copy Python'), async asked =>
      (await act()).copy(asked, 'python')
    );
    if (documents) {
      add(CommandIDs.openExecuted, trans.__('Open Executed Notebook'), async asked => {
        const path = await (await act()).executed(asked);
        return path && documents.openOrReveal(path, 'Notebook', undefined, undefined, NO_KERNEL);
      });
    }
  }
};

async function load(desk: IDesk, started: IStarted): Promise<RunActions> {
  const { RunActions } = await import('../run/actions');
  return new RunActions(desk, started);
}

function rerunOf({ parameters, options, on }: ReadonlyPartialJSONObject): Rerun {
  return {
    ...(isObject(parameters) && { parameters }),
    ...(isObject(options) && { options }),
    ...(typeof on === 'string' && { on })
  };
}

function isObject(value: unknown): value is NonNullable<Rerun['parameters']> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
