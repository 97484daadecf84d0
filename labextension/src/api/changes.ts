/** Hears of changes in the stores of runs, whoever made them. */

import type { Event } from '@jupyterlab/services';
import { Poll } from '@lumino/polling';
import { Signal, type ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';

const SCHEMA = 'https://mlrun-nb.github.io/events/changes/v1';

/** Between two looks without any event: what was missed is made good, and the server stays awake. */
const LOOK_MS = 20_000;

/**
 * Says when something may have changed. Events are not replayed, so now and then it says so without one: when the page
 * is shown again, and every 20 seconds while it is.
 */
export class Changes implements IDisposable {
  constructor(private readonly _events: Event.IManager) {
    _events.stream.connect(this._onEvent, this);
    document.addEventListener('visibilitychange', this._onVisibility);
    this._poll = new Poll({
      name: 'mlrun-nb:changes',
      auto: false,
      frequency: { interval: LOOK_MS, backoff: false },
      standby: 'when-hidden',
      factory: () => {
        this._changed.emit(null);
        return Promise.resolve();
      }
    });
  }

  /** Emits the store that has changed; null where it may be any. */
  get changed(): ISignal<this, string | null> {
    return this._changed;
  }

  /** Begin to look now and then. */
  start(): void {
    void this._poll.start();
  }

  /** Say that something has changed: what this page asked for itself. */
  announce(): void {
    this._changed.emit(null);
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._poll.dispose();
    this._events.stream.disconnect(this._onEvent, this);
    document.removeEventListener('visibilitychange', this._onVisibility);
    Signal.clearData(this);
  }

  private _onEvent(_: unknown, emission: Event.Emission): void {
    if (emission.schema_id === SCHEMA) {
      this._changed.emit(typeof emission.store === 'string' ? emission.store : null);
    }
  }

  private readonly _onVisibility = (): void => {
    if (document.visibilityState === 'visible') {
      this._changed.emit(null);
    }
  };

  private readonly _changed = new Signal<this, string | null>(this);
  private readonly _poll: Poll;
}
