/** A card in a notebook, drawn by the server again and again while its run goes on. */

import type { IRenderMime, IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Panel, Widget } from '@lumino/widgets';
import { ApiError } from '../api/problem';
import type { IDesk } from '../desk';
import { Sight } from '../kit/sight';
import { ActionBar, actionsOf, type Action } from './actions';
import { cleanCard } from './clean';
import { MIME_TYPE } from './mimeType';
import { CardModel, wentOn } from './model';
import { KEPT, patch } from './patch';

import { StoredCard } from './stored';
import { Turns } from './turns';

/** What all cards of a page share. */
const sight = new Sight();
const turns = new Turns(4);

/** Where a card is, and what it is drawn with. */
export interface ILiveCardOptions {
  readonly desk: IDesk;
  readonly rendermime: IRenderMimeRegistry;
  /** The folder of the notebook that it is in. */
  readonly folder: string;
}

/** The card of one run: from the server where it knows the run, else as it is stored, with a line that says why. */
export class LiveCard extends Panel {
  constructor(
    private readonly _options: ILiveCardOptions,
    id: string | undefined
  ) {
    super();
    const { desk, folder } = _options;
    this.addClass('jp-mlrun-nb-Card');
    this._bar = new ActionBar(desk.trans.__('What to do with this run'), action => {
      void this._act(action);
    });
    this._bar.node.className = `jp-mlrun-nb-Card-actions ${KEPT}`;
    this._line.className = 'jp-mlrun-nb-Card-line';
    this._line.setAttribute('role', 'status');
    this._drawn.addClass('jp-mlrun-nb-Card-drawn');
    this.node.append(this._line);
    if (id !== undefined) {
      this._model = new CardModel(id, { desk, folder, turns });
      this._model.changed.connect(this._draw, this);
    }
  }

  get runId(): string | undefined {
    return this._model?.id;
  }

  /** Take what the notebook has stored now: a live kernel writes it again and again. */
  async take(stored: IRenderMime.IMimeModel): Promise<void> {
    this._stored = stored;
    this._model?.hint();
    if (this._model === undefined || this._storedCard !== undefined) {
      await this._showStored();
    }
  }

  override dispose(): void {
    if (!this.isDisposed) {
      sight.leave(this.node);
      this._model?.dispose();
      super.dispose();
    }
  }

  protected override onAfterAttach(): void {
    sight.watch(this.node, isSeen => {
      this._model?.see(isSeen);
    });
  }

  protected override onBeforeDetach(): void {
    sight.leave(this.node);
    this._model?.see(false);
  }

  private _draw(): void {
    const { _model: model } = this;
    const card = model?.isGone ? undefined : model?.card;
    this._say(model?.error);
    if (model === undefined || card === undefined) {
      void this._showStored();
      return;
    }
    this._storedCard?.dispose();
    this._storedCard = undefined;
    this._bar.show(
      actionsOf(card, model.remedy, model.folder, this._options.desk.trans).filter(({ command }) =>
        this._options.desk.commands.hasCommand(command)
      )
    );
    if (card.html === this._html) {
      return;
    }
    this._html = card.html;
    const next = cleanCard(card.html);
    if (next === null) {
      this._drawn.node.textContent = card.text;
      return;
    }
    this._place(next);
  }

  /** Put a new drawing into the place of the one before. */
  private _place(next: HTMLElement): void {
    const head = next.querySelector('.h') ?? next;
    const current = this._drawn.node.querySelector(':scope > .mlrun-nb-card');
    if (current === null) {
      head.append(this._bar.node);
      this._drawn.node.replaceChildren(next);
    } else {
      const placeholder = document.createElement('span');
      placeholder.className = this._bar.node.className;
      head.append(placeholder);
      patch(current, next);
    }
    if (!this._drawn.isAttached) {
      this.insertWidget(0, this._drawn);
    }
  }

  private async _showStored(): Promise<void> {
    const stored = this._stored;
    if (stored === undefined) {
      return;
    }
    if (this._drawn.isAttached) {
      this._drawn.parent = null;
      this._html = '';
    }
    if (this._storedCard === undefined) {
      this._storedCard = new StoredCard(this._options.rendermime);
      this.addWidget(this._storedCard);
      this.node.append(this._line);
    }
    this._say(this._model?.error);
    await this._storedCard.take(stored);
  }

  private async _act({ command, args }: Action): Promise<void> {
    const { commands, changes } = this._options.desk;
    try {
      await commands.execute(command, args);
      changes.announce();
      this._model?.refresh();
    } catch (error) {
      this._say(error);
    }
  }

  /** Write the line below the card: what is wrong, or nothing. */
  private _say(error: unknown): void {
    const text = this._words(error);
    if (this._line.textContent !== text) {
      this._line.textContent = text;
    }
  }

  private _words(error: unknown): string {
    const { trans } = this._options.desk;
    if (this._model === undefined || this._model.isGone) {
      const gone = trans.__(
        'This run is not recorded here, in the store in use: it is shown as the notebook kept it, and nothing can be done with it.'
      );
      return wentOn(this._stored?.data[MIME_TYPE])
        ? `${gone} ${trans.__('It went on at that time, and may have ended since.')}`
        : gone;
    }
    if (error instanceof ApiError) {
      return error.hint ? trans.__('%1. %2', error.message, error.hint) : error.message;
    }
    return error instanceof Error ? error.message : '';
  }

  private readonly _model: CardModel | undefined;
  private readonly _bar: ActionBar;
  private readonly _line = document.createElement('p');
  private readonly _drawn = new Widget();
  private _stored: IRenderMime.IMimeModel | undefined;
  private _storedCard: StoredCard | undefined;
  private _html = '';
}
