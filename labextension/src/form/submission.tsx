/** A dialog that asks for something which the server may refuse. */

import { Dialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import * as React from 'react';
import type { IDesk } from '../desk';
import { DeskProvider } from '../kit/react';

/** What is asked for; `changed` is emitted when it begins, and when it was done or refused. */
export abstract class Submission<T> {
  readonly changed = new Signal<this, void>(this);

  /** Why it was refused. */
  get error(): unknown {
    return this._error;
  }

  get isBusy(): boolean {
    return this._isBusy;
  }

  /** Whether somebody has asked for it: what is missing is said from then on. */
  get isTried(): boolean {
    return this._isTried;
  }

  /** What came of it; undefined until it was done. */
  get done(): T | undefined {
    return this._done;
  }

  /** Ask for it; returns whether it was done. */
  async submit(): Promise<boolean> {
    this._isTried = true;
    if (this._isBusy || !this.isRight) {
      this.changed.emit();
      return false;
    }
    this._isBusy = true;
    this._error = undefined;
    this.changed.emit();
    try {
      this._done = await this.send();
    } catch (error) {
      this._error = error;
    }
    this._isBusy = false;
    this.changed.emit();
    return this._error === undefined;
  }

  /** Whether it can be asked for as it was typed. */
  protected abstract get isRight(): boolean;

  protected abstract send(): Promise<T>;

  private _error: unknown;
  private _isBusy = false;
  private _isTried = false;
  private _done: T | undefined;
}

/** How the dialog is called, what is in it, and what its button says. */
export interface ISubmissionWords {
  readonly title: string;
  readonly body: React.ReactElement;
  readonly okLabel: string;
}

/** Show the dialog until what it asks for was done; undefined where nobody wanted it in the end. */
export async function submitted<T>(
  desk: IDesk,
  submission: Submission<T>,
  { title, body, okLabel }: ISubmissionWords
): Promise<T | undefined> {
  const dialog = new SubmitDialog(submission, {
    title,
    body: new Body(desk, body),
    focusNodeSelector: '.jp-mlrun-nb-Form .jp-mlrun-nb-Input',
    buttons: [
      Dialog.cancelButton({ label: desk.trans.__('Cancel') }),
      Dialog.okButton({ label: okLabel })
    ]
  });
  dialog.addClass('jp-mlrun-nb-Dialog');
  await dialog.launch();
  return submission.done;
}

/** Stays open, with all that was typed, until what it asks for was done. */
class SubmitDialog extends Dialog<unknown> {
  constructor(
    private readonly _submission: Submission<unknown>,
    options: Partial<Dialog.IOptions<unknown>>
  ) {
    super(options);
  }

  override resolve(index?: number): void {
    if (index === 0) {
      super.resolve(index);
      return;
    }
    void this._submission.submit().then(isDone => {
      if (isDone) {
        super.resolve(index);
      }
    });
  }
}

class Body extends ReactWidget {
  constructor(
    private readonly _desk: IDesk,
    private readonly _content: React.ReactElement
  ) {
    super();
  }

  /** The dialog wants a value of its body; the submission has it. */
  getValue(): unknown {
    return undefined;
  }

  protected override render(): React.ReactElement {
    return <DeskProvider value={this._desk}>{this._content}</DeskProvider>;
  }
}
