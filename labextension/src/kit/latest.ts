/** Of several requests only the newest one counts. */

/** Runs one request at a time: a newer one ends the one before it. */
export class Latest {
  /** Run `ask`; returns undefined where a newer request has taken its place. */
  async run<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    this._abort?.abort();
    const abort = new AbortController();
    this._abort = abort;
    try {
      const found = await ask(abort.signal);
      return abort.signal.aborted ? undefined : found;
    } catch (error) {
      if (abort.signal.aborted) {
        return undefined;
      }
      throw error;
    }
  }

  /** End what is under way. */
  stop(): void {
    this._abort?.abort();
  }

  private _abort: AbortController | undefined;
}

/** Calls `work` soon, and again after a while where it was asked for meanwhile: never more often than `restMs` says. */
export class Paced {
  constructor(
    private readonly _work: () => Promise<void>,
    private readonly _restMs: number | (() => number)
  ) {}

  /** Ask for another call. */
  ask(): void {
    this._wanted = true;
    if (!this._busy) {
      void this._go();
    }
  }

  stop(): void {
    this._stopped = true;
  }

  private async _go(): Promise<void> {
    this._busy = true;
    while (this._wanted && !this._stopped) {
      this._wanted = false;
      await this._work();
      const ms = typeof this._restMs === 'number' ? this._restMs : this._restMs();
      await new Promise(done => setTimeout(done, ms));
    }
    this._busy = false;
  }

  private _wanted = false;
  private _busy = false;
  private _stopped = false;
}
