/** The hub in the panel: what is searched, and what its sources have. */

import type { HubFound } from '../api/types';
import type { IDesk } from '../desk';
import { Live } from '../kit/live';
import { Model } from '../kit/model';

/** Between two questions while somebody types. */
const REST_MS = 200;
/** Sources that have not answered are asked after so often. */
const WAITING_MS = 700;

/** A search of all sources; the server says which have not answered yet, and is asked again until they have. */
export class HubModel extends Model {
  constructor(desk: IDesk) {
    super();
    this.found = new Live(desk, (folder, signal) => desk.api.hub.search(folder, this._q, signal), {
      restMs: REST_MS,
      everyMs: found => (found !== undefined && found.waiting.length > 0 ? WAITING_MS : undefined)
    });
  }

  readonly found: Live<HubFound>;

  /** What is searched for. */
  get q(): string {
    return this._q;
  }

  /** Search for something else. */
  search(q: string): void {
    if (q !== this._q) {
      this._q = q;
      this.found.refresh();
      this.emit();
    }
  }

  protected override release(): void {
    this.found.dispose();
  }

  private _q = '';
}
