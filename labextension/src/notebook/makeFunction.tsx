/** The dialog in which a cell becomes a function. */

import { Dialog } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IDesk } from '../desk';
import { DeskProvider, useDesk, useSignal } from '../kit/react';
import { FunctionDraft } from './draft';
import { EditableList } from './editableList';
import { folderOf, textsOf } from './texts';
import { rewrite } from './rewrite';

/** Ask what the function is to be, and write it; returns whether the cell is one now. */
export async function makeFunction(
  desk: IDesk,
  panel: NotebookPanel,
  index: number
): Promise<boolean> {
  const model = panel.model?.cells.get(index);
  if (model === undefined) {
    return false;
  }
  const cells = textsOf(panel);
  const folder = folderOf(panel.context.path);
  const draft = new FunctionDraft({ desk, folder, cells, index });
  const source = await accepted(desk, draft);
  draft.dispose();
  if (source === undefined || model.sharedModel.getSource() !== cells[index]?.source) {
    return false; // nothing is written over what somebody else typed meanwhile
  }
  rewrite(model, source);
  return true;
}

/** Show the dialog until it is left, or what was accepted has no faults. */
async function accepted(desk: IDesk, draft: FunctionDraft): Promise<string | undefined> {
  const { trans } = desk;
  for (;;) {
    const dialog = new Dialog({
      title: trans.__('Make this cell a function'),
      body: new DraftBody(desk, draft),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Make Function') })
      ],
      focusNodeSelector: 'input'
    });
    dialog.addClass('jp-mlrun-nb-DraftDialog');
    const { button } = await dialog.launch();
    if (!button.accept) {
      return undefined;
    }
    await draft.settled();
    if (draft.source !== undefined) {
      return draft.source;
    }
  }
}

class DraftBody extends ReactWidget {
  constructor(
    private readonly _desk: IDesk,
    private readonly _draft: FunctionDraft
  ) {
    super();
    this.addClass('jp-mlrun-nb-Draft');
  }

  protected override render(): React.ReactElement {
    return (
      <DeskProvider value={this._desk}>
        <DraftForm draft={this._draft} />
      </DeskProvider>
    );
  }
}

function DraftForm({ draft }: { readonly draft: FunctionDraft }): React.ReactElement {
  const { trans } = useDesk();
  useSignal(draft.changed);
  const { lists, problem } = draft;
  const names = (items: readonly (string | null)[]): string[] => items.map(each => each ?? '');
  return (
    <>
      <label className="jp-mlrun-nb-Field">
        <span>{trans.__('Name')}</span>
        <input
          type="text"
          className="jp-mlrun-nb-Input jp-mod-code"
          value={draft.name}
          spellCheck={false}
          aria-invalid={problem !== undefined}
          onChange={event => {
            draft.rename(event.target.value);
          }}
        />
      </label>
      <div className="jp-mlrun-nb-Draft-lists">
        <EditableList
          label={trans.__('Parameters')}
          noun={trans.__('parameter')}
          items={lists.parameters}
          fixed={draft.proposed}
          placeholder={trans.__('lr: float = 0.1')}
          onChange={parameters => {
            draft.change({ parameters });
          }}
        />
        <EditableList
          label={trans.__('Inputs')}
          noun={trans.__('input')}
          items={lists.inputs}
          placeholder={trans.__('df')}
          onChange={inputs => {
            draft.change({ inputs: names(inputs) });
          }}
        />
        <EditableList
          label={trans.__('Outputs')}
          noun={trans.__('output')}
          items={lists.outputs}
          placeholder={trans.__('model')}
          onChange={outputs => {
            draft.change({ outputs: names(outputs) });
          }}
        />
      </div>
      <pre
        className="jp-mlrun-nb-Preview"
        tabIndex={0}
        role="group"
        aria-label={trans.__('The cell as it will be')}
        aria-busy={draft.isBusy}
      >
        {draft.preview}
      </pre>
      <div role="status">
        {draft.notices.map(text => (
          <p key={text} className="jp-mlrun-nb-notice">
            {text}
          </p>
        ))}
      </div>
      {problem && (
        <div className="jp-mlrun-nb-Trouble" role="alert">
          <p>{problem.text}</p>
          {problem.hint && <p className="jp-mlrun-nb-hint">{problem.hint}</p>}
        </div>
      )}
    </>
  );
}
