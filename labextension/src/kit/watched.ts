/** One answer of the server, kept current while a page is seen. */

import type { Changes } from '../api/changes';
import { ApiError } from '../api/problem';
import { Latest } from './latest';
import { Model } from './model';
import type { Seen } from './seen';

/** Between two readings after changes. */
const REST_MS = 400;
/** The same for a page of which only the tab is seen. */
const TAB_MS = 2000;
/** Before another try, where one came to nothing. */
const RETRY_MS = 2000;

/** What is asked, when it is worth asking, and how often without any change. */
export interface IWatchedOptions<T> {
  readonly changes: Changes;
  readonly seen: Seen;
  readonly ask: (signal: AbortSignal) => Promise<T>;
  /** How long after an answer to ask again although nothing was announced; undefined where that is not needed. */
  readonly everyMs?: (value: T | undefined) => number | undefined;
  /** How long to rest between two readings after changes; 400 ms where it is left out. */
  readonly restMs?: number;
  /** Whether changes matter also while the page is behind others: its tab says something of them. */
  readonly isShownOnTab?: (value: T | undefined) => boolean;
}

/** Asked again after every change, but only while it is seen; what is the same as before stays the same object. */
export class Watched<T> extends Model {
  constructor(private readonly _options: IWatchedOptions<T>) {
    super();
    _options.changes.changed.connect(this.refresh, this);
    _options.seen.changed.connect(this._onSeen, this);
    document.addEventListener('visibilitychange', this._onVisibility);
    this.refresh();
  }

  /** Undefined until it was read. */
  get value(): T | undefined {
    return this._value;
  }

  /** Why it could not be read; the value before is kept meanwhile. */
  get error(): unknown {
    return this._error;
  }

  /** Read it again soon, or as soon as somebody looks. */
  refresh(): void {
    this._isStale = true;
    const { seen, restMs = REST_MS } = this._options;
    const rest = seen.value ? restMs : TAB_MS;
    this._after(Math.max(0, this._readAt + rest - Date.now()));
  }

  protected override release(): void {
    clearTimeout(this._timer);
    this._latest.stop();
    document.removeEventListener('visibilitychange', this._onVisibility);
  }

  private get _isSeen(): boolean {
    const { seen, isShownOnTab } = this._options;
    const isShown = seen.value || (isShownOnTab?.(this._value) ?? false);
    return isShown && document.visibilityState === 'visible';
  }

  private _onSeen(): void {
    if (this._isSeen && this._isStale) {
      this.refresh();
    } else if (this._isSeen) {
      this._later();
    }
  }

  private readonly _onVisibility = (): void => {
    this._onSeen();
  };

  private _after(ms: number): void {
    clearTimeout(this._timer);
    if (!this.isDisposed && this._isSeen && !this._isBusy) {
      this._timer = setTimeout(() => void this._read(), ms);
    }
  }

  private _later(): void {
    const ms = this._options.everyMs?.(this._value);
    if (ms !== undefined && this._options.seen.value) {
      this._after(Math.max(0, this._readAt + ms - Date.now())); // at once what nobody saw for long
    }
  }

  private async _read(): Promise<void> {
    this._isBusy = true;
    this._isStale = false;
    try {
      this._take(await this._latest.run(this._options.ask));
    } catch (error) {
      this._error = error;
      this.emit();
    }
    this._isBusy = false;
    this._readAt = Date.now();
    this._goOn();
  }

  /** What was announced meanwhile is read at once. */
  private _goOn(): void {
    if (this._isStale) {
      this.refresh();
    } else if (this._error !== undefined && !isGone(this._error)) {
      this._isStale = true;
      this._after(RETRY_MS);
    } else {
      this._later();
    }
  }

  private _take(value: T | undefined): void {
    const text = JSON.stringify(value);
    if (value === undefined || (text === this._text && this._error === undefined)) {
      return;
    }
    if (text !== this._text) {
      this._value = value;
      this._text = text;
    }
    this._error = undefined;
    this.emit();
  }

  private _value: T | undefined;
  private _text: string | undefined;
  private _error: unknown;
  private _isStale = false;
  private _isBusy = false;
  private _readAt = 0;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private readonly _latest = new Latest();
}

/** Whether the server says that there is no such thing: to ask again changes nothing. */
function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
