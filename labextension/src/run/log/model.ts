/** A log of any length, of which only what is looked at is held. */

import type { LogLines } from '../../api/types';
import type { IDesk } from '../../desk';
import { Model } from '../../kit/model';
import type { Seen } from '../../kit/seen';
import { Watched } from '../../kit/watched';

/** Lines that are asked for at once. */
const PIECE = 500;
/** Pieces that are held; the one that was not looked at for the longest time goes first. */
const HELD = 100;
/** Between two looks at a log that is being written. */
const OPEN_MS = 700;

/** The lines of a run's log by number; the end is read again and again while it grows and somebody looks. */
export class LogModel extends Model {
  /** @param isFromEnd whether to begin at the end of it */
  constructor(
    private readonly _desk: IDesk,
    seen: Seen,
    private readonly _run: string,
    isFromEnd: boolean
  ) {
    super();
    this._next = isFromEnd ? -PIECE : 0;
    this._tail = new Watched<LogLines>({
      changes: _desk.changes,
      seen,
      ask: signal => this._ask(this._next, signal),
      everyMs: value => (value?.ended ? undefined : OPEN_MS)
    });
    this._tail.changed.connect(this._onTail, this);
  }

  /** How many lines there are; undefined until it is known. */
  get total(): number | undefined {
    return this._total;
  }

  /** How long it is in bytes. */
  get bytes(): number {
    return this._tail.value?.bytes ?? 0;
  }

  /** Whether nothing more can follow. */
  get ended(): boolean {
    return this._tail.value?.ended ?? false;
  }

  get error(): unknown {
    return this._error ?? this._tail.error;
  }

  /** A line, counted from 0; undefined where it was not read yet. */
  line(number: number): string | undefined {
    return this._pieces.get(Math.floor(number / PIECE))?.[number % PIECE];
  }

  /** See to it that these lines are read. */
  need(first: number, last: number): void {
    this._wanted = [first, last];
    for (let piece = Math.floor(first / PIECE); piece <= Math.floor(last / PIECE); piece += 1) {
      this._use(piece);
    }
    if (!this._isBusy) {
      void this._fetch();
    }
  }

  protected override release(): void {
    this._tail.dispose();
  }

  private _onTail(): void {
    const tail = this._tail.value;
    if (tail) {
      this._take(tail);
    }
    this.emit();
  }

  private async _fetch(): Promise<void> {
    this._isBusy = true;
    try {
      for (let at = this._missing(); at !== undefined && !this.isDisposed; at = this._missing()) {
        const found = await this._ask(at);
        this._take(found);
        this._error = undefined;
        this.emit();
        if (found.lines.length === 0) {
          break;
        }
      }
    } catch (error) {
      this._error = error;
      this.emit();
    }
    this._isBusy = false;
  }

  private _missing(): number | undefined {
    const [first, last] = this._wanted;
    for (let at = first; at <= Math.min(last, (this._total ?? 0) - 1); at += 1) {
      if (this.line(at) === undefined) {
        return at;
      }
    }
    return undefined;
  }

  private _ask(line: number, signal?: AbortSignal): Promise<LogLines> {
    return this._desk.api.log(this._desk.place.folder, this._run, line, PIECE, signal);
  }

  private _take({ first, lines, total }: LogLines): void {
    if (total < (this._total ?? 0)) {
      this._pieces.clear();
    }
    this._total = total;
    // The last line may not have been whole.
    this._next = Math.max(0, total - 1);
    lines.forEach((line, index) => {
      const number = first + index;
      this._use(Math.floor(number / PIECE))[number % PIECE] = line;
    });
  }

  /** A piece, as the one that was looked at last. */
  private _use(number: number): (string | undefined)[] {
    const piece = this._pieces.get(number) ?? [];
    this._pieces.delete(number);
    this._pieces.set(number, piece);
    const oldest = this._pieces.keys().next().value;
    if (this._pieces.size > HELD && oldest !== undefined) {
      this._pieces.delete(oldest);
    }
    return piece;
  }

  private _total: number | undefined;
  private _next: number;
  private _error: unknown;
  private _wanted: readonly [number, number] = [0, -1];
  private _isBusy = false;
  private readonly _tail: Watched<LogLines>;
  private readonly _pieces = new Map<number, (string | undefined)[]>();
}
