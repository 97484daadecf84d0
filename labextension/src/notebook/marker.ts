/** The state of a function's last run, left of its cell. */

import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { FunctionCell } from '../api/types';
import { CommandIDs } from '../commandIds';
import type { IDesk } from '../desk';
import { shortHash } from '../kit/humane';
import { stateWord } from '../kit/state';
import { stateIcon } from '../kit/stateIcon';
import type { FunctionCells } from './functionCells';
import type { NotebookModel } from './model';

const CELL = 'jp-mod-mlrun-nb-function';

/** Draws a mark beside each function cell of the open notebooks, whenever one of these was read. */
export class Markers {
  constructor(
    private readonly _desk: IDesk,
    private readonly _model: NotebookModel
  ) {
    _model.read.connect(this._onRead, this);
  }

  /** Show marks, or none. */
  show(isShown: boolean): void {
    this._isShown = isShown;
    for (const functions of this._model.all) {
      this._draw(functions);
    }
  }

  private _onRead(_: unknown, functions: FunctionCells): void {
    this._draw(functions);
  }

  private _draw({ panel, cells, folder }: FunctionCells): void {
    if (cells === undefined || panel.isDisposed) {
      return;
    }
    const drawn = this._drawn.get(panel) ?? new Map<Cell, Marker>();
    this._drawn.set(panel, drawn);
    const wanted = this._isShown ? markedIn(panel, cells) : new Map<Cell, FunctionCell>();
    for (const [widget, marker] of drawn) {
      if (!wanted.has(widget)) {
        marker.node.remove();
        widget.removeClass(CELL);
        drawn.delete(widget);
      }
    }
    for (const [widget, cell] of wanted) {
      let marker = drawn.get(widget);
      if (marker === undefined) {
        marker = new Marker(this._desk);
        drawn.set(widget, marker);
        widget.addClass(CELL);
        widget.node.append(marker.node);
      }
      marker.show(cell, folder);
    }
  }

  private _isShown = true;
  private readonly _drawn = new WeakMap<NotebookPanel, Map<Cell, Marker>>();
}

/** The cells as they are drawn, each with what is known of it. */
function markedIn(
  panel: NotebookPanel,
  cells: readonly FunctionCell[]
): ReadonlyMap<Cell, FunctionCell> {
  const found = new Map<Cell, FunctionCell>();
  for (const each of cells) {
    const widget = panel.content.widgets[each.index];
    if (widget?.model.id === each.id) {
      found.set(widget, each);
    }
  }
  return found;
}

/** One mark: a button that opens the last run. */
class Marker {
  constructor(private readonly _desk: IDesk) {
    this.node.type = 'button';
    this.node.tabIndex = -1; // the panel and the card have the same for keys
    for (const type of ['mousedown', 'dblclick']) {
      this.node.addEventListener(type, event => {
        event.stopPropagation(); // the notebook would begin to drag the cell, or select it
      });
    }
    this.node.addEventListener('click', event => {
      event.stopPropagation();
      if (this._run !== undefined) {
        void this._desk.commands.execute(CommandIDs.openRun, {
          run: this._run,
          folder: this._folder
        });
      }
    });
  }

  readonly node = document.createElement('button');

  show(cell: FunctionCell, folder: string): void {
    this._folder = folder;
    const { trans } = this._desk;
    const { last_run: last, standing } = cell;
    const state = standing === 'broken' ? 'failed' : (last?.state ?? 'pending');
    const words = wordsOf(cell, trans);
    const text = `${state} ${standing} ${words}`;
    this._run = last?.id;
    if (text === this._text) {
      return;
    }
    this._text = text;
    stateIcon(state).element({ container: this.node });
    this.node.className = `jp-mlrun-nb-Marker jp-mod-${standing}`; // the icon puts its own there
    this.node.title = words;
    this.node.setAttribute('aria-label', words);
    this.node.disabled = last === null;
  }

  private _run: string | undefined;
  private _folder = '';
  private _text = '';
}

/** What a mark says, in a sentence or two. */
export function wordsOf(
  { name, last_run: last, standing, version, problem, hint }: FunctionCell,
  trans: IDesk['trans']
): string {
  if (standing === 'broken') {
    return [problem, hint].filter(Boolean).join('. ');
  }
  const ran =
    last === null
      ? trans.__('%1 has never run', name)
      : trans.__('%1: last run %2', name, stateWord(last.state, trans));
  const edited =
    standing === 'edited' ? trans.__('edited since %1', shortHash(version ?? '')) : undefined;
  return edited === undefined ? ran : trans.__('%1, %2', ran, edited);
}
