/** Many want the same few connections. */

/** Lets at most `most` works go on at once; the others wait, first come, first served. */
export class Turns {
  constructor(private readonly _most: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this._busy >= this._most) {
      await new Promise<void>(go => this._waiting.push(go));
    } else {
      this._busy += 1;
    }
    try {
      return await work();
    } finally {
      const next = this._waiting.shift();
      if (next) {
        next(); // whoever comes next takes over this place
      } else {
        this._busy -= 1;
      }
    }
  }

  private _busy = 0;
  private readonly _waiting: (() => void)[] = [];
}
