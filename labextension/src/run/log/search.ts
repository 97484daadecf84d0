/** Where a text stands in a log, and which of the places is looked at. */

import type { IDesk } from '../../desk';
import { Latest } from '../../kit/latest';
import { Model } from '../../kit/model';

const REST_MS = 200;
/** With so many hits the rest is looked for when somebody gets there. */
const MOST = 5000;

/** Looks for a text, piece by piece: hits can be looked at while the rest of the log is still looked through. */
export class LogSearch extends Model {
  constructor(
    private readonly _desk: IDesk,
    private readonly _run: string
  ) {
    super();
  }

  get text(): string {
    return this._text;
  }

  /** The lines in which it stands, in order. */
  get hits(): readonly number[] {
    return this._hits;
  }

  /** Whether there are others behind them. */
  get hasMore(): boolean {
    return this._next !== null;
  }

  /** Which of the hits is looked at; -1 where none is. */
  get at(): number {
    return this._at;
  }

  /** The line that is looked at. */
  get line(): number | undefined {
    return this._hits[this._at];
  }

  get isBusy(): boolean {
    return this._isBusy;
  }

  get error(): unknown {
    return this._error;
  }

  /** Look for `text`; the first hit from line `from` on is the one to look at. */
  look(text: string, from: number): void {
    clearTimeout(this._timer);
    this._latest.stop();
    this._text = text;
    this._hits = [];
    this._at = -1;
    this._next = null;
    this._error = undefined;
    this._isBusy = text !== '';
    this.emit();
    if (text !== '') {
      this._timer = setTimeout(() => void this._find(from), REST_MS);
    }
  }

  /** Look at the next hit, or at the one before; behind the last one comes the first. */
  async move(by: 1 | -1): Promise<void> {
    const next = this._at + by;
    if (by > 0 && next >= this._hits.length && this._text !== '' && !this._isBusy) {
      // A log that grows may have more of them by now.
      await this._ask(this._next ?? (this._hits.at(-1) ?? -1) + 1);
    }
    const count = this._hits.length;
    this._at = count === 0 ? -1 : (next + count) % count;
    this.emit();
  }

  protected override release(): void {
    clearTimeout(this._timer);
    this._latest.stop();
  }

  /** The server looks for a moment and says where it stopped: go on there until all was looked through. */
  private async _find(from: number): Promise<void> {
    const text = this._text;
    let line: number | null = 0;
    while (line !== null && this._hits.length < MOST && text === this._text && !this.isDisposed) {
      line = await this._ask(line);
      if (this._at < 0 && (line === null || this._hits.some(each => each >= from))) {
        const first = this._hits.findIndex(each => each >= from);
        this._at = this._hits.length === 0 ? -1 : Math.max(0, first);
      }
      this.emit();
    }
  }

  /** Look from line `from` on; returns where to go on, null at the end or where a newer search has taken its place. */
  private async _ask(from: number): Promise<number | null> {
    const { api, place } = this._desk;
    this._isBusy = true;
    try {
      const found = await this._latest.run(signal =>
        api.searchLog(place.folder, this._run, this._text, from, signal)
      );
      if (found === undefined) {
        return null;
      }
      this._hits = [...this._hits, ...found.lines];
      this._next = found.next;
      this._error = undefined;
    } catch (error) {
      this._error = error;
      this._next = null;
    }
    this._isBusy = false;
    return this._next;
  }

  private _text = '';
  private _hits: readonly number[] = [];
  private _at = -1;
  private _next: number | null = null;
  private _isBusy = false;
  private _error: unknown;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private readonly _latest = new Latest();
}
