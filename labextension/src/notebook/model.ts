/** The functions in the notebook that is open, compared with what is recorded. */

import type { ICellModel } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { PathExt } from '@jupyterlab/coreutils';
import { Token } from '@lumino/coreutils';
import type { CellText, FunctionCell } from '../api/types';
import type { IDesk } from '../desk';
import { Latest, Paced } from '../kit/latest';
import { Model } from '../kit/model';

/** What is known of the functions in the open notebook. */
export type INotebookFunctions = NotebookModel;

export const INotebookFunctions = new Token<INotebookFunctions>(
  'mlrun-nb:INotebookFunctions',
  'The functions in the notebook that is open, and how each stands against its latest version.'
);

/** Between two readings of a notebook that is being written in. */
const REST_MS = 300;
const MAGIC = /^\s*%%mlrun\b/;

/** The `%%mlrun` cells of the active notebook; the server says how each stands. */
export class NotebookModel extends Model {
  constructor(
    private readonly _desk: IDesk,
    private readonly _tracker: INotebookTracker
  ) {
    super();
    _tracker.currentChanged.connect(this._onCurrent, this);
    _desk.changes.changed.connect(this._onChange, this);
    this._onCurrent();
  }

  /** The notebook; null where none is open. */
  get panel(): NotebookPanel | null {
    return this._panel;
  }

  /** The name of its file; empty where there is none. */
  get name(): string {
    return this._panel ? PathExt.basename(this._panel.context.path) : '';
  }

  /** Its functions in their order; undefined until they were looked at. */
  get cells(): readonly FunctionCell[] | undefined {
    return this._cells;
  }

  /** Whether `cells` are what a cell says now; they follow its text by a moment. */
  hasRead({ id, sharedModel }: ICellModel): boolean {
    return this._sources.get(id) === sharedModel.getSource();
  }

  /** The functions whose text is not that of their latest version. */
  get edited(): readonly FunctionCell[] {
    return (this._cells ?? []).filter(
      ({ standing }) => standing === 'edited' || standing === 'new'
    );
  }

  get error(): unknown {
    return this._error;
  }

  protected override release(): void {
    this._paced.stop();
    this._latest.stop();
  }

  private _onCurrent(): void {
    const panel = this._tracker.currentWidget;
    if (panel === this._panel) {
      return;
    }
    this._leave();
    this._panel = panel;
    this._cells = undefined;
    if (panel) {
      panel.model?.contentChanged.connect(this._onChange, this);
      panel.context.pathChanged.connect(this._onPath, this);
      void panel.context.ready.then(() => {
        panel.model?.contentChanged.connect(this._onChange, this);
        this._onChange();
      });
      this._onPath();
    }
    this.emit();
  }

  private _onPath(): void {
    if (this._panel) {
      this._desk.place.goTo(folderOf(this._panel.context.path));
    }
    this._onChange();
  }

  private _onChange(): void {
    this._paced.ask();
  }

  private _leave(): void {
    this._panel?.model?.contentChanged.disconnect(this._onChange, this);
    this._panel?.context.pathChanged.disconnect(this._onPath, this);
  }

  private async _read(): Promise<void> {
    const panel = this._panel;
    if (panel && !panel.context.isReady) {
      return; // it is looked at once it is
    }
    const texts = functionTexts(panel);
    try {
      const folder = this._desk.place.folder;
      const ask = (signal: AbortSignal) => this._desk.api.functionCells(folder, texts, signal);
      const found = texts.length > 0 ? await this._latest.run(ask) : { items: [] };
      if (panel !== this._panel || found === undefined) {
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

  private _panel: NotebookPanel | null = null;
  private _cells: readonly FunctionCell[] | undefined;
  private _sources: ReadonlyMap<string, string> = new Map();
  private _error: unknown;
  private readonly _latest = new Latest();
  private readonly _paced = new Paced(() => this._read(), REST_MS);
}

/** Whether the text of a code cell makes it a function. */
export function isFunctionText(source: string): boolean {
  return MAGIC.test(source);
}

/** The folder of a notebook, as Jupyter's contents name it; a drive's name is not part of it. */
export function folderOf(path: string): string {
  const local = path.slice(path.indexOf(':') + 1);
  return PathExt.dirname(local);
}

/** The text of every cell of a notebook, in its order. */
export function textsOf(panel: NotebookPanel | null): readonly CellText[] {
  const cells = panel?.model?.cells;
  return Array.from(cells ?? [], (cell, index) => ({
    index,
    id: cell.id,
    source: cell.sharedModel.getSource(),
    kind: cell.type === 'markdown' || cell.type === 'raw' ? cell.type : 'code',
    tags: tagsOf(cell.getMetadata('tags'))
  }));
}

/** Tags as a document has them, where they are what they should be. */
function tagsOf(tags: unknown): readonly string[] {
  return Array.isArray(tags) ? tags.filter(tag => typeof tag === 'string') : [];
}

function functionTexts(panel: NotebookPanel | null): readonly CellText[] {
  return textsOf(panel).filter(({ kind, source }) => kind === 'code' && isFunctionText(source));
}
