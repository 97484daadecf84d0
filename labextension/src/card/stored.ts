/** A card as its notebook kept it: for a run that is not known here. */

import type { IRenderMime, IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Panel, type Widget } from '@lumino/widgets';

/** Richest first; the JSON is for us alone. */
const FORMS = ['text/html', 'text/plain'] as const;

/** Shows what is stored through the host's own renderers, which take nothing from it but words and plain shapes. */
export class StoredCard extends Panel {
  constructor(private readonly _rendermime: IRenderMimeRegistry) {
    super();
    this.addClass('jp-mlrun-nb-Card-stored');
  }

  /** Draw `model`, never as trusted: who wrote it is not known. */
  async take(model: IRenderMime.IMimeModel): Promise<void> {
    const mimeType = FORMS.find(form => form in model.data && this._rendermime.getFactory(form));
    if (mimeType === undefined) {
      return;
    }
    const renderer = this._rendermime.createRenderer(mimeType);
    const old: readonly Widget[] = this.widgets;
    for (const widget of [...old]) {
      widget.dispose();
    }
    this.addWidget(renderer);
    const data = { [mimeType]: model.data[mimeType] };
    await renderer.renderModel(this._rendermime.createModel({ data, trusted: false }));
  }
}
