/** Where people work: the folder whose project the lists show. */

import { Signal, type ISignal } from '@lumino/signaling';

/** The folder that people work in: its project is the one that lists show. */
export class Place {
  /** A path of Jupyter's contents, with `/`; empty for the server's root. */
  get folder(): string {
    return this._folder;
  }

  /** Go to another folder; to the same one nothing happens. */
  goTo(folder: string): void {
    if (folder !== this._folder) {
      this._folder = folder;
      this._moved.emit(folder);
    }
  }

  get moved(): ISignal<this, string> {
    return this._moved;
  }

  private _folder = '';
  private readonly _moved = new Signal<this, string>(this);
}
