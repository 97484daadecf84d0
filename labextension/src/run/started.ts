/** The runs that were started from here: says when one has ended. */

import { Notification } from '@jupyterlab/apputils';
import type { IDisposable } from '@lumino/disposable';
import { ApiError } from '../api/problem';
import type { RunRow } from '../api/types';
import { CommandIDs } from '../commandIds';
import type { IDesk } from '../desk';
import { duration } from '../kit/humane';
import { Paced } from '../kit/latest';
import { isFinal, stateWord } from '../kit/state';

const REST_MS = 1000;
const DONE_MS = 8000;
const FAILED_MS = 20_000;

/** Which ends are worth a toast. */
export type Tell = 'all' | 'failures' | 'none';

/** Shows a toast for each of them; not where its page is in front, which says it itself. */
export class Started implements IDisposable {
  /**
   * @param isInFront whether the page of a run is seen
   * @param tell which ends are worth a toast
   */
  constructor(
    private readonly _desk: IDesk,
    private readonly _isInFront: (run: string) => boolean,
    private readonly _tell: () => Tell
  ) {
    _desk.changes.changed.connect(this._onChange, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Watch a run of the project of `folder` until it ends. */
  add(folder: string, run: RunRow): void {
    this._runs.set(run.id, folder);
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._paced.stop();
      this._desk.changes.changed.disconnect(this._onChange, this);
    }
  }

  private _onChange(): void {
    if (this._runs.size > 0) {
      this._paced.ask();
    }
  }

  private async _look(): Promise<void> {
    for (const [id, folder] of this._runs) {
      try {
        const { run } = await this._desk.api.run(folder, id);
        if (isFinal(run.state)) {
          this._runs.delete(id);
          this._say(folder, run);
        }
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) {
          this._runs.delete(id); // deleted meanwhile; a server that is away is asked again
        }
      }
    }
  }

  private _say(folder: string, run: RunRow): void {
    const isGood = run.state === 'succeeded' || run.state === 'cached';
    const tell = this._tell();
    if (this._isInFront(run.id) || tell === 'none' || (isGood && tell === 'failures')) {
      return;
    }
    const { commands, trans } = this._desk;
    const args = { run: run.id, folder };
    const open = {
      label: trans.__('Open'),
      callback: (): void => void commands.execute(CommandIDs.openRun, args)
    };
    if (isGood) {
      const said = [
        run.result && `${run.result.name} ${run.result.text}`,
        run.duration_s !== null && duration(run.duration_s)
      ];
      const more = said.filter(Boolean).join(' · ');
      Notification.success(
        more === ''
          ? trans.__('%1 has succeeded.', run.function)
          : trans.__('%1 has succeeded: %2', run.function, more),
        { autoClose: DONE_MS, actions: [open] }
      );
      return;
    }
    const again = {
      label: trans.__('Rerun with edits…'),
      callback: (): void => void commands.execute(CommandIDs.rerunWithEdits, args)
    };
    const why = run.reason.replaceAll('`', '') || stateWord(run.state, trans);
    const words =
      run.state === 'failed'
        ? trans.__('%1 failed: %2', run.function, why)
        : trans.__('%1 has ended: %2', run.function, why);
    const options = { autoClose: FAILED_MS, actions: [open, again] };
    if (run.state === 'cancelled') {
      Notification.info(words, { ...options, autoClose: DONE_MS });
    } else {
      Notification.error(words, options);
    }
  }

  private _isDisposed = false;
  private readonly _runs = new Map<string, string>();
  private readonly _paced = new Paced(() => this._look(), REST_MS);
}
