/** The functions in the notebooks that are open; most of it is about the active one. */

import type { ICellModel } from '@jupyterlab/cells';
import { PathExt } from '@jupyterlab/coreutils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';
import type { FunctionCell } from '../api/types';
import type { IDesk } from '../desk';
import { Model } from '../kit/model';
import { Sight } from '../kit/sight';
import { FunctionCells } from './functionCells';

/** What is known of the functions in open notebooks. */
export type INotebookFunctions = NotebookModel;

export const INotebookFunctions = new Token<INotebookFunctions>(
  'mlrun-nb:INotebookFunctions',
  'The functions in the notebook that is open, and how each stands against its latest version.'
);

/** The `%%mlrun` cells of the active notebook; `changed` is of that one, `read` of any that is open. */
export class NotebookModel extends Model {
  constructor(
    private readonly _desk: IDesk,
    private readonly _tracker: INotebookTracker
  ) {
    super();
    _tracker.widgetAdded.connect(this._onAdded, this);
    _tracker.currentChanged.connect(this._onCurrent, this);
    _tracker.forEach(panel => this._of(panel));
    this._onCurrent();
  }

  /** The notebook; null where none is open. */
  get panel(): NotebookPanel | null {
    return this._active?.panel ?? null;
  }

  /** The name of its file; empty where there is none. */
  get name(): string {
    return this._active ? PathExt.basename(this._active.panel.context.path) : '';
  }

  /** Its functions in their order; undefined until they were looked at. */
  get cells(): readonly FunctionCell[] | undefined {
    return this._active?.cells;
  }

  /** Whether `cells` are what a cell says now; they follow its text by a moment. */
  hasRead(cell: ICellModel): boolean {
    return this._active?.hasRead(cell) ?? false;
  }

  /** The functions whose text is not that of their latest version. */
  get edited(): readonly FunctionCell[] {
    return (this.cells ?? []).filter(({ standing }) => standing === 'edited' || standing === 'new');
  }

  get error(): unknown {
    return this._active?.error;
  }

  /** All notebooks that are open. */
  get all(): Iterable<FunctionCells> {
    return this._open.values();
  }

  /** Emits the notebook whose functions were read again. */
  get read(): ISignal<this, FunctionCells> {
    return this._read;
  }

  protected override release(): void {
    for (const each of this._open.values()) {
      each.dispose();
    }
  }

  private _onAdded(_: unknown, panel: NotebookPanel): void {
    this._of(panel);
  }

  private _of(panel: NotebookPanel): FunctionCells {
    const known = this._open.get(panel);
    if (known) {
      return known;
    }
    const found = new FunctionCells(this._desk, panel, this._sight);
    this._open.set(panel, found);
    found.changed.connect(this._onRead, this);
    panel.disposed.connect(this._onClosed, this);
    return found;
  }

  private _onRead(functions: FunctionCells): void {
    this._read.emit(functions);
    if (functions === this._active) {
      this.emit();
    }
  }

  private _onClosed(panel: NotebookPanel): void {
    this._open.get(panel)?.dispose();
    this._open.delete(panel);
  }

  private _onCurrent(): void {
    const panel = this._tracker.currentWidget;
    const active = panel === null ? undefined : this._of(panel);
    if (active === this._active) {
      return;
    }
    if (this._active) {
      this._active.isActive = false;
      this._active.panel.context.pathChanged.disconnect(this._onPath, this);
    }
    this._active = active;
    if (active) {
      active.panel.context.pathChanged.connect(this._onPath, this);
      this._onPath();
      active.isActive = true;
    }
    this.emit();
  }

  private _onPath(): void {
    if (this._active) {
      this._desk.place.goTo(this._active.folder);
    }
  }

  private _active: FunctionCells | undefined;
  private readonly _open = new Map<NotebookPanel, FunctionCells>();
  private readonly _sight = new Sight();
  private readonly _read = new Signal<this, FunctionCells>(this);
}
