/** Tab in a function's cell, also where no kernel answers; what a kernel offers as well is offered once. */

import type {
  CompletionHandler,
  ICompletionContext,
  ICompletionProvider
} from '@jupyterlab/completer';
import { NotebookPanel } from '@jupyterlab/notebook';
import type { Options } from '../api/types';
import type { IDesk } from '../desk';
import { folderOf, isFunctionText } from './texts';
import { offersAt } from './offers';

/** Offers options, their choices, and the engines and profiles there are. */
export class OptionCompletions implements ICompletionProvider {
  constructor(private readonly _desk: IDesk) {}

  readonly identifier = 'mlrun-nb:options';

  /** Before the kernel's: in these lines nothing else has a meaning. */
  readonly rank = 1000;

  isApplicable({ editor, widget }: ICompletionContext): Promise<boolean> {
    const text = editor?.model.sharedModel.getSource() ?? '';
    return Promise.resolve(widget instanceof NotebookPanel && isFunctionText(text));
  }

  async fetch(
    { text, offset }: CompletionHandler.IRequest,
    { widget }: ICompletionContext
  ): Promise<CompletionHandler.ICompletionItemsReply> {
    const path = widget instanceof NotebookPanel ? widget.context.path : '';
    const found = offersAt(text, offset, await this._optionsOf(folderOf(path)));
    const items = (found?.items ?? []).map(({ label, text: insertText, help }) => ({
      label,
      insertText,
      type: 'option',
      documentation: help
    }));
    return { start: found?.start ?? offset, end: found?.end ?? offset, items };
  }

  /** Asked for once in each folder; once more after a failure. */
  private _optionsOf(folder: string): Promise<Options> {
    let options = this._options.get(folder);
    if (options === undefined) {
      options = this._desk.api.options(folder);
      this._options.set(folder, options);
      options.catch(() => this._options.delete(folder));
    }
    return options;
  }

  private readonly _options = new Map<string, Promise<Options>>();
}
