/** What the models of views have in common. */

import type { IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

/** Something that views draw: it says when it is another, and has an end, with which all its connections go. */
export abstract class Model implements IDisposable {
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this.release();
      Signal.clearData(this);
    }
  }

  /** End what is under way: timers, requests. */
  protected abstract release(): void;

  /** Say that it is another. */
  protected emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
