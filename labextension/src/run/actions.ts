/** What can be done with runs, wherever it is asked for. */

import { Clipboard, Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { ApiError } from '../api/problem';
import type { Rerun, RunRow } from '../api/types';
import { CommandIDs } from '../commandIds';
import type { IDesk } from '../desk';
import { executedPath } from '../executed/path';
import { isFinal } from '../kit/state';
import { deletionBody } from './deletion';
import type { IStarted } from './tokens';

const SAID_MS = 3000;
const ERROR_MS = 15_000;
/** More of them are counted, not named. */
const NAMED = 8;

/** Runs of one project. */
export interface IRunsOf {
  readonly runs: readonly string[];
  readonly folder: string;
}

/** Every action says what came of it; a failure says what to do. */
export class RunActions {
  constructor(
    private readonly _desk: IDesk,
    private readonly _started: IStarted
  ) {}

  /** Ask for the end of runs. */
  async cancel({ runs, folder }: IRunsOf): Promise<void> {
    const { api, trans } = this._desk;
    for (const id of runs) {
      await this._try(async () => {
        const run = await api.cancel(folder, id);
        if (isFinal(run.state)) {
          say(trans.__('%1 had ended already.', run.function));
        }
      });
    }
  }

  /** Run it again; opens the new run's page where `isOpened`. */
  async rerun(
    { runs, folder }: IRunsOf,
    body: Rerun,
    isOpened: boolean
  ): Promise<RunRow | undefined> {
    const [id] = runs;
    if (id === undefined) {
      return undefined;
    }
    return this._try(async () => {
      const run = await this._desk.api.rerun(folder, id, body);
      this._follow(run, folder, isOpened);
      return run;
    });
  }

  /** Ask what is to be different, and run it again. */
  async rerunWithEdits({ runs, folder }: IRunsOf): Promise<RunRow | undefined> {
    const [id] = runs;
    if (id === undefined) {
      return undefined;
    }
    return this._try(async () => {
      const { askRerun } = await import('./rerunDialog');
      const run = await askRerun(this._desk, folder, id);
      if (run) {
        this._follow(run, folder, true);
      }
      return run;
    });
  }

  /** Ask what a sweep is to try around its best child, and sweep again. */
  async sweepAround({ runs, folder }: IRunsOf): Promise<RunRow | undefined> {
    const [id] = runs;
    if (id === undefined) {
      return undefined;
    }
    return this._try(async () => {
      const { askAround } = await import('./aroundDialog');
      const run = await askAround(this._desk, folder, id);
      if (run) {
        this._follow(run, folder, true);
      }
      return run;
    });
  }

  /** Ask, and delete them; returns the ids of those that are gone. */
  async remove({ runs, folder }: IRunsOf): Promise<readonly string[]> {
    if (runs.length === 0) {
      return [];
    }
    const { api, trans } = this._desk;
    const named = await Promise.all(
      runs.slice(0, NAMED).map(id =>
        api.run(folder, id).then(
          ({ run }) => run,
          () => undefined
        )
      )
    );
    const { button } = await showDialog({
      title: trans._n('Delete this run?', 'Delete these %1 runs?', runs.length),
      body: deletionBody(named, runs.length, trans),
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__('Delete') })],
      defaultButton: 0
    });
    if (!button.accept) {
      return [];
    }
    const gone: string[] = [];
    for (const id of runs) {
      await this._try(async () => {
        await api.deleteRun(folder, id);
        gone.push(id);
      });
    }
    return gone;
  }

  /** Keep runs from retention, or let it have them. */
  async pin({ runs, folder }: IRunsOf, isPinned: boolean | undefined): Promise<void> {
    const { api } = this._desk;
    for (const id of runs) {
      await this._try(async () => {
        const pinned = isPinned ?? !(await api.run(folder, id)).run.pinned;
        await api.pin(folder, id, pinned);
      });
    }
  }

  /** Copy what does the same in a shell, or in Python. */
  async copy({ runs, folder }: IRunsOf, kind: 'command' | 'python'): Promise<void> {
    const { api, trans } = this._desk;
    await this._try(async () => {
      const details = await Promise.all(runs.map(id => api.run(folder, id)));
      const text = details
        .map(({ commands, python }) => (kind === 'python' ? python : (commands[0]?.text ?? '')))
        .join('\n');
      Clipboard.copyToSystem(text);
      say(trans.__('Copied: %1', text));
    }, false);
  }

  /** The path under which the executed notebook is read. */
  async executed({ runs, folder }: IRunsOf): Promise<string | undefined> {
    const [id] = runs;
    if (id === undefined) {
      return undefined;
    }
    return this._try(async () => {
      const { name } = await this._desk.api.executed(folder, id);
      return executedPath(folder, id, name);
    }, false);
  }

  /** The runs to compare: of one alone, it and the last good run of its function, or else the newest other ones. */
  async compared({ runs, folder }: IRunsOf): Promise<readonly string[]> {
    const [id] = runs;
    if (runs.length !== 1 || id === undefined) {
      return runs;
    }
    const { api, trans } = this._desk;
    const found = await this._try(async () => {
      const { run, last_good: good } = await api.run(folder, id);
      if (good) {
        return [good.id];
      }
      const { items } = await api.runs(folder, { q: `fn:${run.function}`, limit: 5 });
      return items.map(each => each.id).filter(each => each !== id);
    }, false);
    if (found?.length === 0) {
      say(trans.__('There is no other run to compare it with.'));
    }
    return found?.length ? [...found, id] : [];
  }

  private _follow(run: RunRow, folder: string, isOpened: boolean): void {
    this._started.add(folder, run);
    if (isOpened) {
      void this._desk.commands.execute(CommandIDs.openRun, { run: run.id, folder });
      return;
    }
    const { commands, trans } = this._desk;
    Notification.info(trans.__('%1 was started again.', run.function), {
      autoClose: SAID_MS,
      actions: [
        {
          label: trans.__('Open'),
          callback: () => void commands.execute(CommandIDs.openRun, { run: run.id, folder })
        }
      ]
    });
  }

  private async _try<T>(work: () => Promise<T>, isChange = true): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      complain(error);
      return undefined;
    } finally {
      if (isChange) {
        this._desk.changes.announce();
      }
    }
  }
}

/** Say why something could not be done, and what to do about it. */
export function complain(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof ApiError ? error.hint : '';
  const words = (hint === '' ? message : `${message}\n\n${hint}`).replaceAll('`', '');
  Notification.error(words, { autoClose: ERROR_MS });
}

function say(text: string): void {
  Notification.info(text, { autoClose: SAID_MS });
}
