/** One answer of the server that is kept current while somebody looks at it. */

import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import type { Changes } from '../api/changes';
import type { Place } from '../place';
import { Seen } from './seen';
import { Watched, type IWatchedOptions } from './watched';

/** Where a live answer belongs, and what tells that it may be another. */
export interface ISource {
  readonly changes: Changes;
  readonly place: Place;
}

/** How often it is asked for. */
export type Rhythm<T> = Pick<IWatchedOptions<T>, 'restMs' | 'everyMs'>;

/** What `ask` answers for the folder in force: watched while somebody holds it, and when the folder is another one. */
export class Live<T> extends Watched<T> {
  constructor(
    { changes, place }: ISource,
    ask: (folder: string, signal: AbortSignal) => Promise<T>,
    rhythm: Rhythm<T> = {}
  ) {
    const held = new Seen();
    super({ changes, seen: held, ask: signal => ask(place.folder, signal), ...rhythm });
    this._held = held;
    place.moved.connect(this.refresh, this);
  }

  /** Keep it current until what is returned is disposed. */
  hold(): IDisposable {
    this._holders += 1;
    this._held.set(true);
    return new DisposableDelegate(() => {
      this._holders -= 1;
      this._held.set(this._holders > 0);
    });
  }

  private _holders = 0;
  private readonly _held: Seen;
}
