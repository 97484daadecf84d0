/** The dialog that makes a function of the project an item of a hub. */

import { Notification } from '@jupyterlab/apputils';
import * as React from 'react';
import type { IDesk } from '../desk';
import { Labelled } from '../form/fields';
import { useShownError } from '../form/said';
import { submitted } from '../form/submission';
import { duration } from '../kit/humane';
import { Prose } from '../kit/prose';
import { useDesk, useSignal } from '../kit/react';
import { Trouble } from '../kit/trouble';
import { complain } from '../run/actions';
import { PublishModel, type PublishField } from './publish';

const SAID_MS = 15_000;

/** Ask what is missing, publish it, and say what came of it, also where the dialog was left before the end. */
export async function askPublish(desk: IDesk, folder: string, name: string): Promise<void> {
  const { trans } = desk;
  try {
    const draft = await desk.api.hub.draft(folder, name, '');
    if (draft.source === '') {
      Notification.warning(
        trans.__(
          'No hub of this project takes functions. Add a folder or a repository of git: mlrun-nb hub source add NAME PLACE'
        ),
        { autoClose: SAID_MS }
      );
      return;
    }
    const model = new PublishModel(desk, folder, name, draft);
    await submitted(desk, model, {
      title: trans.__('Publish %1', name),
      body: <PublishFields model={model} />,
      okLabel: trans.__('Publish')
    });
    await ended(model);
    say(desk, model);
  } catch (error) {
    complain(error);
  }
}

/** The dialog may be left while it goes on. */
async function ended(model: PublishModel): Promise<void> {
  while (model.isBusy) {
    await new Promise<void>(done => {
      const slot = (): void => {
        model.changed.disconnect(slot);
        done();
      };
      model.changed.connect(slot);
    });
  }
}

function say({ trans, changes }: IDesk, { done, error, state }: PublishModel): void {
  if (done) {
    const { name, version, source, next } = done;
    const words = trans.__('%1 %2 is published to %3.', name, version, source);
    Notification.success(next === '' ? words : trans.__('%1 What is left to do: %2', words, next), {
      autoClose: SAID_MS
    });
    changes.announce();
  } else if (state && error !== undefined) {
    complain(error);
  }
}

function PublishFields({ model }: { readonly model: PublishModel }): React.ReactElement {
  const { trans } = useDesk();
  useSignal(model.changed);
  const node = useShownError(model.isBusy ? undefined : model.error);
  const { draft, isBusy } = model;
  const fields: readonly IField[] = [
    { field: 'name', label: trans.__('Name') },
    { field: 'version', label: trans.__('Version') },
    { field: 'summary', label: trans.__('What it does'), placeholder: trans.__('in a sentence') },
    {
      field: 'categories',
      label: trans.__('Categories'),
      placeholder: trans.__('e.g. %1', 'data, plots')
    },
    {
      field: 'example',
      label: trans.__('Example'),
      placeholder: trans.__('e.g. %1', 'example.ipynb'),
      help: draft.missing.includes('example')
        ? trans.__('A notebook below this folder that uses it, as it needs values.')
        : trans.__('A notebook below this folder; without one it is run with its defaults.')
    },
    {
      field: 'requirements',
      label: trans.__('Requires'),
      placeholder: trans.__('e.g. %1', 'pandas, pyarrow')
    },
    {
      field: 'license',
      label: trans.__('License'),
      placeholder: trans.__('e.g. %1', 'Apache-2.0')
    }
  ];
  return (
    <div ref={node} className="jp-mlrun-nb-Form jp-mlrun-nb-PublishForm" aria-busy={isBusy}>
      <Trouble error={model.error} />
      <Labelled label={trans.__('To')}>
        {ids => (
          <select
            {...ids}
            className="jp-mlrun-nb-Input"
            value={draft.source}
            disabled={isBusy}
            onChange={event => {
              void model.choose(event.target.value).catch(complain);
            }}
          >
            {draft.sources.map(each => (
              <option key={each}>{each}</option>
            ))}
          </select>
        )}
      </Labelled>
      {fields.map(each => (
        <TextField key={each.field} model={model} {...each} />
      ))}
      <Labelled label={trans.__('Push')} help={trans.__('With git: push the commit, too.')}>
        {ids => (
          <input
            {...ids}
            type="checkbox"
            checked={model.push}
            disabled={isBusy}
            onChange={event => {
              model.push = event.target.checked;
            }}
          />
        )}
      </Labelled>
      <Stage model={model} />
    </div>
  );
}

/** A field, an example of what stands in it, and what to know of it. */
interface IField {
  readonly field: PublishField;
  readonly label: string;
  readonly placeholder?: string;
  readonly help?: string;
}

function TextField({
  model,
  field,
  label,
  placeholder,
  help = ''
}: IField & { readonly model: PublishModel }): React.ReactElement {
  const { trans } = useDesk();
  const isWanted = field === 'summary' || model.draft.missing.includes(field);
  const wrong = model.isTried && model.isMissing(field) ? trans.__('It has to be said.') : '';
  return (
    <Labelled label={label} isRequired={isWanted} wrong={wrong} help={help}>
      {ids => (
        <input
          {...ids}
          className="jp-mlrun-nb-Input"
          type="text"
          placeholder={placeholder}
          spellCheck={field === 'summary'}
          disabled={model.isBusy}
          value={model.text(field)}
          onChange={event => {
            model.set(field, event.target.value);
          }}
        />
      )}
    </Labelled>
  );
}

/** What happens when it is asked for, and how far that is. */
function Stage({
  model: { state, draft, isBusy }
}: {
  readonly model: PublishModel;
}): React.ReactElement {
  const { trans } = useDesk();
  const words =
    isBusy && state
      ? state.stage === 'trying'
        ? trans.__(
            'Its example is run, as somebody would who installs it… %1',
            duration(state.seconds)
          )
        : trans.__('It is given to %1…', state.source)
      : trans.__(
          'It is read from `%1` as that is saved. Its example is run first; where that fails nothing is published.',
          draft.notebook
        );
  return (
    <p className="jp-mlrun-nb-hint" role="status">
      <Prose text={words} />
    </p>
  );
}
