/** The buttons of a card. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { Card, Remedy } from '../api/types';
import { CommandIDs } from '../commandIds';
import { isFinal } from '../kit/state';

/** A button: the command that it stands for, and its words. */
export type Action = {
  readonly command: string;
  readonly args: ReadonlyJSONObject;
  readonly label: string;
  readonly isEnabled?: boolean;
};

/** What can be done with a run as it stands, the most likely last: that is where the pointer goes. */
export function actionsOf(
  { id, state, cancelling, has_best: hasBest }: Card,
  remedy: Remedy | null,
  folder: string,
  trans: TranslationBundle
): readonly Action[] {
  const args = { run: id, folder };
  const open = { command: CommandIDs.openRun, args, label: trans.__('Open') };
  if (!isFinal(state)) {
    const label = cancelling ? trans.__('Cancelling…') : trans.__('Cancel');
    return [{ command: CommandIDs.cancelRun, args, label, isEnabled: !cancelling }, open];
  }
  const mend = remedy &&
    Object.keys(remedy.options).length > 0 && {
      command: CommandIDs.rerun,
      args: { ...args, options: remedy.options },
      label: remedy.text.charAt(0).toUpperCase() + remedy.text.slice(1)
    };
  return [
    ...(mend ? [mend] : []),
    ...(hasBest
      ? [{ command: CommandIDs.sweepAround, args, label: trans.__('Sweep around the best…') }]
      : []),
    { command: CommandIDs.rerun, args, label: trans.__('Rerun') },
    { command: CommandIDs.openExecuted, args, label: trans.__('Open notebook') },
    { command: CommandIDs.compareRuns, args, label: trans.__('Compare') },
    open
  ];
}

/** Draws buttons into one element, which stays the same; buttons that stay keep their focus. */
export class ActionBar {
  constructor(
    label: string,
    private readonly _onAction: (action: Action) => void
  ) {
    this.node.setAttribute('role', 'group');
    this.node.setAttribute('aria-label', label);
  }

  readonly node = document.createElement('span');

  show(actions: readonly Action[]): void {
    const text = JSON.stringify(actions);
    if (text === this._text) {
      return;
    }
    this._text = text;
    const focused = this.node.contains(document.activeElement) ? document.activeElement : null;
    const before = new Map(
      Array.from(this.node.querySelectorAll('button'), button => [button.dataset.key, button])
    );
    const buttons = actions.map(action =>
      this._button(action, before.get(keyOf(action)) ?? document.createElement('button'))
    );
    this.node.replaceChildren(...buttons);
    if (focused !== null) {
      (buttons.find(each => each === focused && !each.disabled) ?? buttons.at(-1))?.focus();
    }
  }

  private _button(action: Action, button: HTMLButtonElement): HTMLButtonElement {
    button.type = 'button';
    button.className = 'jp-mlrun-nb-Card-button';
    button.dataset.key = keyOf(action);
    button.textContent = action.label;
    button.disabled = action.isEnabled === false;
    button.onclick = () => {
      this._onAction(action);
    };
    return button;
  }

  private _text = '';
}

function keyOf({ command, args }: Action): string {
  return 'options' in args ? `${command} mend` : command;
}
