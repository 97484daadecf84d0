/** The functions in one notebook, compared with what is recorded. */

import type { ICellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { FunctionCell } from '../api/types';
import type { IDesk } from '../desk';
import { Latest, Paced } from '../kit/latest';
import { Model } from '../kit/model';
import type { Sight } from '../kit/sight';
import { folderOf, functionTexts } from './texts';

/** Between two readings of the notebook that is being written in, and of one that is only seen. */
const REST_MS = 300;
const BESIDE_MS = 2000;

/** Its `%%mlrun` cells; the server says how each stands. It is asked while the notebook is the active one, or is seen. */
export class FunctionCells extends Model {
  constructor(
    private readonly _desk: IDesk,
    readonly panel: NotebookPanel,
    private readonly _sight: Sight
  ) {
    super();
    _desk.changes.changed.connect(this._onChange, this);
    panel.context.pathChanged.connect(this._onChange, this);
    void panel.context.ready.then(() => {
      if (!this.isDisposed) {
        panel.model?.contentChanged.connect(this._onChange, this);
        this._onChange();
      }
    });
    _sight.watch(panel.node, isSeen => {
      this._isSeen = isSeen;
      this._look();
    });
  }

  /** In their order; undefined until they were looked at. */
  get cells(): readonly FunctionCell[] | undefined {
    return this._cells;
  }

  get error(): unknown {
    return this._error;
  }

  /** The folder whose project its functions belong to. */
  get folder(): string {
    return folderOf(this.panel.context.path);
  }

  /** Whether `cells` are what a cell says now; they follow its text by a moment. */
  hasRead({ id, sharedModel }: ICellModel): boolean {
    return this._sources.get(id) === sharedModel.getSource();
  }

  /** Say whether it is the active notebook. */
  set isActive(isActive: boolean) {
    this._isActive = isActive;
    this._look();
  }

  protected override release(): void {
    this._sight.leave(this.panel.node);
    this._paced.stop();
    this._latest.stop();
  }

  private _onChange(): void {
    this._isStale = true;
    this._look();
  }

  private _look(): void {
    if (this._isStale && (this._isActive || this._isSeen)) {
      this._paced.ask();
    }
  }

  private async _read(): Promise<void> {
    const { panel, folder } = this;
    if (!panel.context.isReady) {
      return; // it is looked at once it is
    }
    this._isStale = false;
    const texts = functionTexts(panel);
    try {
      const ask = (signal: AbortSignal) => this._desk.api.functionCells(folder, texts, signal);
      const found = texts.length > 0 ? await this._latest.run(ask) : { items: [] };
      if (found === undefined) {
        return;
      }
      this._cells = found.items;
      this._sources = new Map(texts.map(({ id = '', source }) => [id, source]));
      this._error = undefined;
    } catch (error) {
      this._error = error;
    }
    this.emit();
  }

  private _isActive = false;
  private _isSeen = false;
  private _isStale = true;
  private _cells: readonly FunctionCell[] | undefined;
  private _sources: ReadonlyMap<string, string> = new Map();
  private _error: unknown;
  private readonly _latest = new Latest();
  private readonly _paced = new Paced(
    () => this._read(),
    () => (this._isActive ? REST_MS : BESIDE_MS)
  );
}
