/** Whether somebody can see a page: what nobody sees need not be kept current. */

import { Signal, type ISignal } from '@lumino/signaling';

/** True while a page is the one in front of its tabs; the browser's window itself is watched by those who ask. */
export class Seen {
  get value(): boolean {
    return this._value;
  }

  get changed(): ISignal<this, boolean> {
    return this._changed;
  }

  set(value: boolean): void {
    if (value !== this._value) {
      this._value = value;
      this._changed.emit(value);
    }
  }

  private _value = false;
  private readonly _changed = new Signal<this, boolean>(this);
}
