/** What the host is given for outputs that are cards; the card itself is loaded with the first one. */

import {
  RenderMimeRegistry,
  type IRenderMime,
  type IRenderMimeRegistry
} from '@jupyterlab/rendermime';
import { Panel } from '@lumino/widgets';
import type { IDesk } from '../desk';
import { folderOf } from '../notebook/texts';
import { MIME_TYPE } from './mimeType';
import type { LiveCard } from './view';

/** Before HTML, which every card has as well. */
const RANK = 40;

/** Make cards live wherever outputs are drawn. */
export function addCards(rendermime: IRenderMimeRegistry, desk: IDesk): void {
  rendermime.addFactory(
    {
      safe: true, // of what is stored only the run's id is used, and even that must be known to the server
      mimeTypes: [MIME_TYPE],
      createRenderer: options => new CardRenderer(options, rendermime, desk)
    },
    RANK
  );
}

/** Draws one output. */
class CardRenderer extends Panel implements IRenderMime.IRenderer {
  constructor(
    private readonly _options: IRenderMime.IRendererOptions,
    private readonly _rendermime: IRenderMimeRegistry,
    private readonly _desk: IDesk
  ) {
    super();
    this.addClass('jp-mlrun-nb-CardRenderer');
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const [{ LiveCard }, { runIdOf }] = await Promise.all([import('./view'), import('./model')]);
    if (this.isDisposed) {
      return;
    }
    const id = runIdOf(model.data[MIME_TYPE]);
    if (this._card === undefined || this._card.runId !== id) {
      this._card?.dispose();
      const { _rendermime: rendermime, _desk: desk, _folder: folder } = this;
      this._card = new LiveCard({ rendermime, desk, folder }, id);
      this.addWidget(this._card);
    }
    await this._card.take(model);
  }

  /** That of the notebook; where nobody says which one it is, that in which people work. */
  private get _folder(): string {
    const { resolver } = this._options;
    return resolver instanceof RenderMimeRegistry.UrlResolver
      ? folderOf(resolver.path)
      : this._desk.place.folder;
  }

  private _card: LiveCard | undefined;
}
