/** The runs that the list shows, read page by page and kept current. */

import type { Looked, RunPage, RunRow } from '../api/types';
import type { IDesk } from '../desk';
import { Latest, Paced } from '../kit/latest';
import { Model } from '../kit/model';
import { merged } from './grouping';

const PAGE = 50;
const MOST = 500;
/** Between two readings of the list while its runs change. */
const REST_MS = 400;
/** How long typing pauses before the server is asked. */
const TYPING_MS = 60;

/** A search and what it finds. `changed` is emitted whenever anything of it is another. */
export class RunsModel extends Model {
  constructor(private readonly _desk: IDesk) {
    super();
    _desk.changes.changed.connect(this._onChange, this);
    _desk.place.moved.connect(this._restart, this);
    _desk.status.changed.connect(this._onStatus, this);
  }

  get runs(): readonly RunRow[] {
    return this._runs;
  }

  /** What is searched for. */
  get q(): string {
    return this._q;
  }

  /** Whether words are looked for inside of texts too. */
  get deep(): boolean {
    return this._deep;
  }

  /** How far a deep search has looked. */
  get looked(): Looked | null {
    return this._looked;
  }

  get hasMore(): boolean {
    return this._cursor !== null;
  }

  /** Whether nothing was read yet for the present search. */
  get isFresh(): boolean {
    return this._isFresh;
  }

  /** Why open runs may be out of date. */
  get doubt(): string {
    return this._doubt;
  }

  get error(): unknown {
    return this._error;
  }

  /** Search for something else. */
  search(q: string, deep = false): void {
    if (q === this._q && deep === this._deep) {
      return;
    }
    this._q = q;
    this._deep = deep;
    clearTimeout(this._typing);
    this._typing = setTimeout(() => {
      this._restart();
    }, TYPING_MS);
    this.emit();
  }

  /** Read the next page, where there is one. */
  async more(): Promise<void> {
    if (this._cursor !== null && !this._isLoading) {
      await this._read(this._cursor, PAGE);
    }
  }

  /** Tell which of the runs are seen, so that no more than those are read again. */
  show(last: number): void {
    this._shown = last;
    if (last >= this._runs.length - 10) {
      void this.more();
    }
  }

  /** Read what is shown again. */
  async refresh(): Promise<void> {
    if (!this._isLoading) {
      const count = Math.min(MOST, Math.ceil((this._shown + 1) / PAGE) * PAGE || PAGE);
      await this._read(null, count);
    }
  }

  protected override release(): void {
    clearTimeout(this._typing);
    this._paced.stop();
    this._latest.stop();
  }

  private _onChange(): void {
    this._paced.ask();
  }

  /** The server answers again. */
  private _onStatus(): void {
    if (this._error !== undefined && this._desk.status.error === undefined) {
      this._paced.ask();
    }
  }

  private _restart(): void {
    this._isFresh = true;
    this._shown = 0;
    void this._read(null, PAGE);
  }

  private async _read(cursor: string | null, limit: number): Promise<void> {
    const asked = { q: this._q, deep: this._deep, limit, cursor: cursor ?? undefined };
    this._isLoading = true;
    try {
      const { api, place } = this._desk;
      const page = await this._latest.run(signal => api.runs(place.folder, asked, signal));
      if (page === undefined) {
        return;
      }
      this._take(page, cursor !== null);
      this._error = undefined;
    } catch (error) {
      if (this._isFresh) {
        this._runs = []; // what another search found says nothing of this one
        this._cursor = null;
      }
      this._error = error;
    }
    this._isLoading = false;
    this.emit();
  }

  private _take(page: RunPage, isNext: boolean): void {
    if (isNext) {
      this._runs = [...this._runs, ...page.items];
      this._cursor = page.cursor;
    } else {
      this._runs = merged(this._isFresh ? [] : this._runs, page.items, page.cursor === null);
      this._cursor = this._runs.length === page.items.length ? page.cursor : this._cursor;
    }
    this._looked = page.looked;
    this._doubt = page.doubt;
    this._isFresh = false;
  }

  private _runs: readonly RunRow[] = [];
  private _q = '';
  private _deep = false;
  private _looked: Looked | null = null;
  private _cursor: string | null = null;
  private _isFresh = true;
  private _isLoading = false;
  private _doubt = '';
  private _error: unknown;
  private _shown = 0;
  private _typing: ReturnType<typeof setTimeout> | undefined;
  private readonly _latest = new Latest();
  private readonly _paced = new Paced(() => this.refresh(), REST_MS);
}
