/** The children of a sweep as rows, read part by part; later only those are read that may have changed. */

import type { Children, Column } from '../../api/types';
import type { State } from '../../kit/state';

/** A value of a child; null where it has none. */
export type Cell = Column['values'][number];

type Values = Readonly<Record<string, Cell>>;

/** One child; values by the name of their parameter or result. */
export type Child = {
  readonly id: string;
  readonly number: number | null;
  readonly state: State;
  readonly duration: number | null;
  /** Why it did not end well; empty where it did, or has not ended. */
  readonly reason: string;
  readonly parameters: Values;
  readonly results: Values;
};

/** All children that were read, and which of their values are worth a column. */
export class ChildrenTable {
  get rows(): readonly Child[] {
    return this._rows;
  }

  /** Parameters that tell the children apart; all of them where there is one child. */
  get parameters(): readonly string[] {
    return this._parameters;
  }

  get results(): readonly string[] {
    return this._results;
  }

  /** Another number after every reading that found something new; 0 before the first. */
  get version(): number {
    return this._version;
  }

  /** Let the next reading begin anew: the sweep has ended, or was resumed, which may begin ended children once more. */
  distrust(): void {
    this._settled = null;
  }

  /** Read what may be new; `ask` gives the part behind a cursor. */
  async read(ask: (cursor: string | null) => Promise<Children>): Promise<void> {
    let isNew = this._version === 0;
    let cursor = this._settled;
    do {
      const part = await ask(cursor);
      isNew = this._take(part) || isNew;
      if (cursor === this._settled) {
        this._settled = part.settled;
      }
      cursor = part.cursor;
    } while (cursor !== null);
    if (isNew) {
      this._version += 1;
      this._results = namesOf(this._rows, row => row.results);
      this._parameters = differing(this._rows);
    }
  }

  private _take(part: Children): boolean {
    const rows = [...this._rows];
    let isNew = false;
    for (const row of rowsOf(part)) {
      const at = this._places.get(row.id);
      if (at === undefined) {
        this._places.set(row.id, rows.push(row) - 1);
        isNew = true;
      } else if (JSON.stringify(rows[at]) !== JSON.stringify(row)) {
        rows[at] = row;
        isNew = true;
      }
    }
    this._rows = rows;
    return isNew;
  }

  private _rows: readonly Child[] = [];
  private _parameters: readonly string[] = [];
  private _results: readonly string[] = [];
  private _version = 0;
  /** All children before it have ended, and were read. */
  private _settled: string | null = null;
  private readonly _places = new Map<string, number>();
}

function rowsOf(part: Children): readonly Child[] {
  return part.ids.map((id, index) => ({
    id,
    number: part.numbers[index] ?? null,
    state: part.states[index] ?? 'pending',
    duration: part.durations[index] ?? null,
    reason: part.reasons[id] ?? '',
    parameters: valuesOf(part.parameters, index),
    results: valuesOf(part.results, index)
  }));
}

/** A column with a single value has the same one for all. */
function valuesOf(columns: readonly Column[], index: number): Values {
  return Object.fromEntries(
    columns.map(({ name, values }) => [
      name,
      (values.length === 1 ? values[0] : values[index]) ?? null
    ])
  );
}

function namesOf(rows: readonly Child[], of: (row: Child) => Values): readonly string[] {
  const names = new Set<string>();
  for (const row of rows) {
    for (const name of Object.keys(of(row))) {
      names.add(name);
    }
  }
  return [...names];
}

function differing(rows: readonly Child[]): readonly string[] {
  const names = namesOf(rows, row => row.parameters);
  const [first, ...others] = rows;
  return others.length === 0
    ? names
    : names.filter(name =>
        others.some(row => (row.parameters[name] ?? null) !== (first?.parameters[name] ?? null))
      );
}
