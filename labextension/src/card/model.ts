/** The run behind one card: what the server draws of it, kept current while somebody sees it. */

import type { Card, Remedy } from '../api/types';
import { ApiError } from '../api/problem';
import type { IDesk } from '../desk';
import { Paced } from '../kit/latest';
import { Model } from '../kit/model';
import { isFinal } from '../kit/state';
import type { Turns } from './turns';

/** Between two readings, whatever happens. */
const REST_MS = 800;
/** Between two readings while nothing is announced: a running run has a clock, one that waits has none. */
const RUNNING_MS = 1000;
const WAITING_MS = 3000;
/** A run that has ended is looked at again when it comes into sight after so long: it may have been deleted. */
const STALE_MS = 60_000;

const ID = /^[0-9a-hjkmnp-tv-z]{12}$/;

/** The id of a run in data that anybody may have written; undefined where there is none. */
export function runIdOf(data: unknown): string | undefined {
  const id = typeof data === 'object' && data !== null && 'id' in data ? data.id : undefined;
  return typeof id === 'string' && ID.test(id) ? id : undefined;
}

/** Whether a run was not at its end when a notebook kept the data. */
export function wentOn(data: unknown): boolean {
  const state = typeof data === 'object' && data !== null && 'state' in data ? data.state : '';
  return state === 'pending' || state === 'running';
}

/** What a card needs besides its run. */
export interface ICardModelOptions {
  readonly desk: IDesk;
  /** The folder of the notebook that the card is in. */
  readonly folder: string;
  readonly turns: Turns;
}

/** Asks the server only while it is seen. */
export class CardModel extends Model {
  constructor(
    readonly id: string,
    private readonly _options: ICardModelOptions
  ) {
    super();
    _options.desk.changes.changed.connect(this._onChange, this);
  }

  get folder(): string {
    return this._options.folder;
  }

  /** As it was drawn last; undefined until then. */
  get card(): Card | undefined {
    return this._card;
  }

  /** What would run it again with a better chance. */
  get remedy(): Remedy | null {
    return this._remedy;
  }

  /** Why it could not be read; what was read before is kept. */
  get error(): unknown {
    return this._error;
  }

  /** Whether the server answers and does not know the run. */
  get isGone(): boolean {
    return this._error instanceof ApiError && this._error.status === 404;
  }

  protected override release(): void {
    clearTimeout(this._timer);
    this._paced.stop();
  }

  /** Say whether somebody sees it. */
  see(isSeen: boolean): void {
    this._isSeen = isSeen;
    clearTimeout(this._timer);
    if (isSeen && (this._mayChange || Date.now() - this._readAt > STALE_MS)) {
      this._paced.ask();
    }
  }

  /** Read it again soon, if it may have changed. */
  hint(): void {
    this._onChange();
  }

  /** Read it again soon. */
  refresh(): void {
    if (this._isSeen) {
      this._paced.ask();
    }
  }

  private get _mayChange(): boolean {
    return this._card === undefined || this._error !== undefined || !isFinal(this._card.state);
  }

  private _onChange(): void {
    if (this._mayChange) {
      this.refresh();
    }
  }

  private async _read(): Promise<void> {
    if (!this._isSeen) {
      return;
    }
    clearTimeout(this._timer);
    const { desk, folder, turns } = this._options;
    try {
      this._card = await turns.run(() => desk.api.card(folder, this.id));
      this._error = undefined;
      this._later(this._card);
    } catch (error) {
      this._error = error;
    }
    this._readAt = Date.now();
    this.emit();
    await this._readRemedy();
  }

  /** Only a run that went wrong has one, and it never changes. */
  private async _readRemedy(): Promise<void> {
    const { desk, folder, turns } = this._options;
    const state = this._error === undefined ? this._card?.state : undefined;
    if ((state !== 'failed' && state !== 'lost') || this._remedyOf === state) {
      return;
    }
    this._remedyOf = state;
    try {
      this._remedy = (await turns.run(() => desk.api.run(folder, this.id))).remedy;
    } catch {
      return; // a button less; what is wrong with the server is said by the card
    }
    if (this._remedy !== null) {
      this.emit();
    }
  }

  private _later({ state }: Card): void {
    if (this._isSeen && !this.isDisposed && !isFinal(state)) {
      this._timer = setTimeout(
        () => {
          this._paced.ask();
        },
        state === 'running' ? RUNNING_MS : WAITING_MS
      );
    }
  }

  private _card: Card | undefined;
  private _remedy: Remedy | null = null;
  private _remedyOf: Card['state'] | undefined;
  private _error: unknown;
  private _isSeen = false;
  private _readAt = 0;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private readonly _paced = new Paced(() => this._read(), REST_MS);
}
