/** The place of the form among the notebook tools; the form itself is loaded when it is first seen. */

import { NotebookTools } from '@jupyterlab/notebook';
import { Collapser } from '@jupyterlab/ui-components';
import { PanelLayout } from '@lumino/widgets';
import type { IDesk } from '../desk';
import { CellForm } from './cellForm';
import type { NotebookModel } from './model';

/** Shows the resources of the active cell where that is a function. */
export class ResourcesTool extends NotebookTools.Tool {
  constructor(
    private readonly _desk: IDesk,
    notebook: NotebookModel
  ) {
    super();
    this.addClass('jp-mlrun-nb-ResourcesTool');
    this.layout = this._place;
    this._form = new CellForm(_desk, notebook);
  }

  override dispose(): void {
    this._form.dispose();
    super.dispose();
  }

  /** Open the section that it is in. */
  unfold(): void {
    let { parent } = this;
    while (parent !== null && !(parent instanceof Collapser)) {
      ({ parent } = parent);
    }
    if (parent !== null) {
      parent.collapsed = false;
    }
  }

  /** Bring the form into sight, and the cursor into its first field. */
  reveal(): void {
    this.unfold();
    this.node.scrollIntoView({ block: 'nearest' });
    this.node.querySelector<HTMLElement>('select, input')?.focus();
  }

  protected override onActiveCellChanged(): void {
    const { activeCell } = this.notebookTools;
    this._form.cell = activeCell === null || activeCell.isDisposed ? null : activeCell.model;
  }

  protected override onAfterAttach(): void {
    if (this.isVisible) {
      void this._load();
    }
  }

  protected override onAfterShow(): void {
    void this._load();
  }

  private async _load(): Promise<void> {
    if (this._isLoading) {
      return;
    }
    this._isLoading = true;
    const { CellFormView } = await import('./form');
    if (!this.isDisposed) {
      this._place.addWidget(new CellFormView(this._desk, this._form));
    }
  }

  private _isLoading = false;
  private readonly _form: CellForm;
  private readonly _place = new PanelLayout();
}
