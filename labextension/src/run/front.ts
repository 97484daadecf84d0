/** Which run is looked at in the main area. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Signal, type ISignal } from '@lumino/signaling';
import type { IRunPages } from './tokens';

/** The run whose page was used last, while that page is not behind another one. */
export class FrontRun {
  constructor(
    private readonly _pages: IRunPages,
    shell: JupyterFrontEnd.IShell
  ) {
    _pages.currentChanged.connect(this._look, this);
    shell.currentChanged?.connect(this._look, this);
  }

  /** Its id; undefined where no page of a run is in front. */
  get id(): string | undefined {
    return this._id;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  private _look(): void {
    const page = this._pages.currentWidget;
    const id = page?.isVisible ? page.content.run : undefined;
    if (id !== this._id) {
      this._id = id;
      this._changed.emit();
    }
  }

  private _id: string | undefined;
  private readonly _changed = new Signal<this, void>(this);
}
