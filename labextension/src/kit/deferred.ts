/** A widget whose content is loaded when it is first seen. */

import { Panel, type Widget } from '@lumino/widgets';

/** Costs nothing while nobody opens it. */
export class Deferred<T extends Widget> extends Panel {
  constructor(private readonly _load: () => Promise<T>) {
    super();
    this.addClass('jp-mlrun-nb-Deferred');
  }

  /** What it shows; loaded at the first call, or when it is first seen. */
  get content(): Promise<T> {
    this._content ??= this._load().then(widget => {
      this.addWidget(widget);
      return widget;
    });
    return this._content;
  }

  protected override onBeforeShow(): void {
    void this.content;
  }

  protected override onAfterAttach(): void {
    if (this.isVisible) {
      void this.content;
    }
  }

  private _content: Promise<T> | undefined;
}
