/** A function that a cell may become, while it is being thought about. */

import type { CellText, Proposal } from '../api/types';
import { ApiError } from '../api/problem';
import type { IDesk } from '../desk';
import { Latest } from '../kit/latest';
import { Model } from '../kit/model';
import { withParameters } from './parameterLines';

/** How long somebody who types is left alone. */
const PAUSE_MS = 250;

/** What may be changed of a proposal, each thing as it is typed. */
export type DraftLists = {
  readonly parameters: readonly (string | null)[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
};

/** What is wrong, and what to do. */
export type DraftProblem = { readonly text: string; readonly hint: string };

/** Which cell of which notebook. */
export interface IDraftOptions {
  readonly desk: IDesk;
  readonly folder: string;
  readonly cells: readonly CellText[];
  readonly index: number;
}

/** The server proposes; name and lists are the user's, and the text is made anew with each change. */
export class FunctionDraft extends Model {
  constructor(private readonly _options: IDraftOptions) {
    super();
    this._settled = this._make();
  }

  /** As it is typed; that of the proposal until somebody types. */
  get name(): string {
    return this._name ?? this._proposal?.name ?? '';
  }

  get lists(): DraftLists {
    const { parameters = [], inputs = [], outputs = [] } = this._proposal ?? {};
    return this._lists ?? { parameters, inputs, outputs };
  }

  /** How many of the parameters are the proposal's: the others were added. */
  get proposed(): number {
    return this._proposal?.parameters.length ?? 0;
  }

  /** What cells below would no longer find. */
  get notices(): readonly string[] {
    return this._proposal?.notices ?? [];
  }

  /** The cell's text as it would be; undefined until there is one, and while something is wrong. */
  get source(): string | undefined {
    return this._problem === undefined ? this._source : undefined;
  }

  /** The last text that was made, to be seen while the next one is. */
  get preview(): string {
    return this._source ?? this._options.cells[this._options.index]?.source ?? '';
  }

  get problem(): DraftProblem | undefined {
    return this._problem;
  }

  get isBusy(): boolean {
    return this._isBusy;
  }

  /** Resolves when the text is that of what was typed last. */
  async settled(): Promise<void> {
    let seen: Promise<void> | undefined;
    while (seen !== this._settled) {
      seen = this._settled;
      await seen;
    }
  }

  protected override release(): void {
    this._latest.stop();
  }

  rename(name: string): void {
    this._name = name;
    this._soon();
  }

  /** Change lists; null in the place of a proposed parameter makes it a plain assignment. */
  change(lists: Partial<DraftLists>): void {
    this._lists = { ...this.lists, ...lists };
    this._soon();
  }

  private _soon(): void {
    this._isBusy = true;
    this.emit();
    this._latest.stop();
    this._settled = new Promise(done => {
      clearTimeout(this._timer);
      this._onSettled?.();
      this._onSettled = done;
      this._timer = setTimeout(() => {
        void this._make().then(done);
      }, PAUSE_MS);
    });
  }

  private async _make(): Promise<void> {
    this._isBusy = true;
    try {
      if ((await this._latest.run(signal => this._compose(signal))) === undefined) {
        return; // something newer is on its way
      }
    } catch (error) {
      this._problem = problemOf(error);
    }
    this._isBusy = false;
    this.emit();
  }

  /** Ask for a proposal with the name, write the lists into it, and have what came of it looked at. */
  private async _compose(signal: AbortSignal): Promise<true> {
    const { desk, folder, cells, index } = this._options;
    const proposal = await desk.api.propose(folder, cells, index, this._name ?? '');
    signal.throwIfAborted();
    if (proposal.problem) {
      this._problem = { text: proposal.problem, hint: proposal.hint };
      return true;
    }
    this._proposal = proposal;
    const source = this._lists ? await this._written(proposal, this._lists) : proposal.source;
    signal.throwIfAborted();
    this._problem = source === undefined ? undefined : await this._problemIn(source, signal);
    this._source = source;
    return true;
  }

  private async _written(
    proposal: Proposal,
    { parameters, inputs, outputs }: DraftLists
  ): Promise<string | undefined> {
    const { desk, folder } = this._options;
    const options: Record<string, string> = {};
    for (const [name, before, after] of [
      ['input', proposal.inputs, inputs],
      ['output', proposal.outputs, outputs]
    ] as const) {
      const [old, text] = [before, after].map(names =>
        names.filter(each => each.trim()).join(', ')
      );
      if (old !== text) {
        options[name] = text ?? '';
      }
    }
    const { source } =
      Object.keys(options).length > 0
        ? await desk.api.edit(folder, proposal.source, options)
        : proposal;
    const written = withParameters(source, proposal.parameters, parameters);
    if (written === undefined) {
      const { trans } = desk;
      throw new ApiError(
        trans.__('A parameter does not stand on a line of its own'),
        trans.__('Leave it as it is here, and change it in the cell.'),
        0
      );
    }
    return written;
  }

  private async _problemIn(source: string, signal: AbortSignal): Promise<DraftProblem | undefined> {
    if (!this._lists) {
      return undefined; // what the server proposes it has tried
    }
    const { desk, folder, index } = this._options;
    const { items } = await desk.api.functionCells(folder, [{ index, source }], signal);
    const broken = items.find(each => each.standing === 'broken');
    return broken && { text: broken.problem, hint: broken.hint };
  }

  private _proposal: Proposal | undefined;
  private _name: string | undefined;
  private _lists: DraftLists | undefined;
  private _source: string | undefined;
  private _problem: DraftProblem | undefined;
  private _isBusy = true;
  private _settled: Promise<void>;
  private _onSettled: (() => void) | undefined;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private readonly _latest = new Latest();
}

function problemOf(error: unknown): DraftProblem {
  return {
    text: error instanceof Error ? error.message : String(error),
    hint: error instanceof ApiError ? error.hint : ''
  };
}
