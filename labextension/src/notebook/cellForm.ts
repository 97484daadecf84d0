/** The options of one cell, as a form shows them: what the cell says, and what is being typed. */

import type { ICellModel } from '@jupyterlab/cells';
import type { FunctionCell, Options } from '../api/types';
import { ApiError } from '../api/problem';
import type { IDesk } from '../desk';
import { Model } from '../kit/model';
import type { NotebookModel } from './model';
import { rewrite } from './rewrite';
import { isFunctionText } from './texts';

/** What was typed into a field and not written, and why not. */
export type Draft = { readonly text: string; readonly problem: string; readonly hint: string };

/** Follows the active cell. What could not be written stays with its cell until it can be. */
export class CellForm extends Model {
  constructor(
    private readonly _desk: IDesk,
    private readonly _notebook: NotebookModel
  ) {
    super();
    _notebook.changed.connect(this._onRead, this);
    _desk.place.moved.connect(this._onPlace, this);
  }

  /** The cell; null where there is none, or none of code. A closed notebook leaves its cells without models. */
  get cell(): ICellModel | null {
    return this._cell;
  }

  set cell(cell: ICellModel | null) {
    const code = cell?.type === 'code' ? cell : null;
    if (code === this._cell) {
      return;
    }
    this._cell?.contentChanged.disconnect(this._onText, this);
    this._cell = code;
    code?.contentChanged.connect(this._onText, this);
    this._isFunction = this._reads();
    this._onRead();
  }

  /** Whether the cell's text makes it a function: known at once, without the server. */
  get isFunction(): boolean {
    return this._isFunction;
  }

  /** What the server read in the cell; undefined until it did. */
  get function(): FunctionCell | undefined {
    const id = this._cell?.id;
    return this._notebook.cells?.find(each => each.id === id);
  }

  /** All options there are; undefined until they were read. */
  get options(): Options | undefined {
    return this._options;
  }

  /** Why there are none. */
  get error(): unknown {
    return this._error;
  }

  protected override release(): void {
    this.cell = null;
  }

  /** Read the table of options, where that has not been done for this folder. */
  async load(): Promise<void> {
    const { api, place } = this._desk;
    const { folder } = place;
    if (this._loading === folder) {
      return;
    }
    this._loading = folder;
    try {
      const options = await api.options(folder);
      if (folder === place.folder) {
        this._options = options;
        this._error = undefined;
      }
    } catch (error) {
      this._error = error;
      this._loading = undefined;
    }
    this.emit();
  }

  /** What was typed for an option of this cell and could not be written. */
  draft(name: string): Draft | undefined {
    return this._drafts.get(this._key(name));
  }

  /** What the cell says of an option: what was written last, until the server has read that. Empty where it is left out. */
  value(name: string): string {
    return this._written.get(this._key(name)) ?? this.function?.options[name] ?? '';
  }

  /** Write an option into the cell's text; an empty text takes it away. */
  async write(name: string, text: string): Promise<void> {
    const { _cell: cell } = this;
    if (cell === null) {
      return;
    }
    const key = this._key(name);
    const { api, place, trans } = this._desk;
    const { sharedModel } = cell;
    this._written.set(key, text);
    this._writing += 1;
    this.emit();
    try {
      let before: string;
      let source: string;
      do {
        before = sharedModel.getSource();
        ({ source } = await api.edit(place.folder, before, { [name]: text }));
      } while (before !== sharedModel.getSource()); // somebody typed meanwhile
      rewrite(cell, source);
      this._drafts.delete(key);
    } catch (error) {
      const problem = error instanceof Error ? error.message : trans.__('It could not be written');
      const hint = error instanceof ApiError ? error.hint : '';
      this._drafts.set(key, { text, problem, hint });
      this._written.delete(key);
    }
    this._writing -= 1;
    this._onRead();
  }

  private _key(name: string): string {
    return `${this._cell?.id ?? ''} ${name}`;
  }

  private _reads(): boolean {
    return this._cell !== null && isFunctionText(this._cell.sharedModel.getSource());
  }

  private _onText(): void {
    const isFunction = this._reads();
    if (isFunction !== this._isFunction) {
      this._isFunction = isFunction;
      this.emit();
    }
  }

  private _onRead(): void {
    if (this._writing === 0 && this._cell !== null && this._notebook.hasRead(this._cell)) {
      this._written.clear();
    }
    this.emit();
  }

  private _onPlace(): void {
    if (this._loading !== undefined) {
      void this.load();
    }
  }

  private _cell: ICellModel | null = null;
  private _isFunction = false;
  private _options: Options | undefined;
  private _loading: string | undefined;
  private _error: unknown;
  private _writing = 0;
  private readonly _written = new Map<string, string>();
  private readonly _drafts = new Map<string, Draft>();
}
