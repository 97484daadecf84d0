/** Which sections of the panel are open: kept from one visit to the next. */

import type { IStateDB } from '@jupyterlab/statedb';
import { Signal, type ISignal } from '@lumino/signaling';

const KEY = 'mlrun-nb:folds';
/** Closed until somebody opens them. */
const CLOSED = ['hub', 'engines'];

/** The open sections. */
export class Folds {
  constructor(private readonly _state: IStateDB | null) {
    void this._restore();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  isOpen(name: string): boolean {
    return !this._closed.has(name);
  }

  toggle(name: string): void {
    if (!this._closed.delete(name)) {
      this._closed.add(name);
    }
    void this._state?.save(KEY, [...this._closed]);
    this._changed.emit();
  }

  private async _restore(): Promise<void> {
    const closed = await this._state?.fetch(KEY);
    if (Array.isArray(closed)) {
      this._closed = new Set(closed.filter(name => typeof name === 'string'));
      this._changed.emit();
    }
  }

  private _closed = new Set<string>(CLOSED);
  private readonly _changed = new Signal<this, void>(this);
}
