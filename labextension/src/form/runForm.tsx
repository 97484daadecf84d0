/** The form that runs something: a function, or an item of a hub. */

import * as React from 'react';
import type { Field, Options, ParameterRow, RunItem, RunRow } from '../api/types';
import { CommandIDs } from '../commandIds';
import { Labelled, OptionFields, ParameterFields, TargetField } from './fields';
import { RunForm } from './model';
import { saidOf, useShownError } from './said';
import { useAct, useAnswer } from '../kit/page';
import { useDesk, useSignal } from '../kit/react';
import { Trouble } from '../kit/trouble';
import { Fold } from '../run/facts';
import type { IStarted } from '../run/tokens';

/** Sections of options that make no sense for a run that is started here. */
const LEFT_OUT = ['run', 'code'];
const NOTHING: Pick<Options, 'sections' | 'startable'> = { sections: [], startable: [] };

/** What can be run: what it takes, and what an empty field for an input means. */
export interface IRunnable {
  readonly name: string;
  readonly parameters: readonly ParameterRow[];
  readonly inputs: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  readonly emptyInput: string;
  readonly start: (folder: string, body: RunBody) => Promise<RunRow>;
}

/** What was typed, without a version. */
export type RunBody = Omit<RunItem, 'version'>;

/** Parameters, inputs, where it runs, and below a fold everything else; what was typed stays until it runs. */
export function RunFormView({
  of: detail,
  started,
  children
}: {
  readonly of: IRunnable;
  readonly started: IStarted;
  /** Below the button. */
  readonly children?: React.ReactNode;
}): React.ReactElement {
  const { api, changes, place, trans } = useDesk();
  const act = useAct();
  const [form] = React.useState(
    () => new RunForm({ parameters: detail.parameters, options: detail.options })
  );
  useSignal(form.changed);
  const [inputs, setInputs] = React.useState<Readonly<Record<string, string>>>({});
  const [error, setError] = React.useState<unknown>();
  const [isBusy, setBusy] = React.useState(false);
  const { value: options = NOTHING, error: optionsError } = useAnswer('options', folder =>
    api.options(folder)
  );
  const sections = options.sections.filter(({ name }) => !LEFT_OUT.includes(name));
  const fields = sections.flatMap(each => each.fields);
  const names = [
    ...detail.parameters.map(({ name }) => name),
    ...detail.inputs,
    ...fields.map(({ name }) => name)
  ];
  const said = saidOf(error, names);
  const node = useShownError<HTMLFormElement>(error);
  const submit = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const run = await detail.start(place.folder, bodyOf(form, fields, inputs));
      started.add(place.folder, run);
      act(CommandIDs.openRun, { run: run.id });
    } catch (reason) {
      setError(reason);
    }
    changes.announce();
    setBusy(false);
  };
  return (
    <form
      ref={node}
      className="jp-mlrun-nb-Form jp-mlrun-nb-RunForm"
      noValidate
      aria-busy={isBusy}
      onSubmit={event => {
        event.preventDefault();
        if (form.isRight && !isBusy) {
          void submit();
        }
      }}
    >
      {Object.keys(said).length === 0 && <Trouble error={error} />}
      <fieldset>
        <legend>{trans.__('Parameters')}</legend>
        {detail.parameters.length === 0 && <p>{trans.__('It takes none.')}</p>}
        <ParameterFields form={form} said={said} />
      </fieldset>
      {detail.inputs.length > 0 && (
        <fieldset>
          <legend>{trans.__('Inputs')}</legend>
          <InputFields
            names={detail.inputs}
            placeholder={detail.emptyInput}
            values={inputs}
            onChange={setInputs}
            said={said}
          />
        </fieldset>
      )}
      <fieldset>
        <legend>{trans.__('Where')}</legend>
        <TargetField
          form={form}
          targets={options.startable}
          usual={trans.__('as the function or the project says')}
        />
      </fieldset>
      <Trouble error={optionsError} />
      {sections.map(({ name, title, fields: some }) => (
        <Fold key={name} title={title}>
          <OptionFields form={form} fields={some} said={said} />
        </Fold>
      ))}
      <button
        type="submit"
        className="jp-mlrun-nb-Button jp-mod-primary"
        disabled={isBusy || !form.isRight}
      >
        {isBusy ? trans.__('Starting…') : trans.__('Run %1', detail.name)}
      </button>
      {children}
    </form>
  );
}

function InputFields({
  names,
  placeholder,
  values,
  onChange,
  said
}: {
  readonly names: readonly string[];
  readonly placeholder: string;
  readonly values: Readonly<Record<string, string>>;
  readonly onChange: (values: Readonly<Record<string, string>>) => void;
  readonly said: Readonly<Record<string, string>>;
}): React.ReactElement {
  return (
    <>
      {names.map(name => (
        <Labelled key={name} label={name} wrong={said[name] ?? ''}>
          {ids => (
            <input
              {...ids}
              className="jp-mlrun-nb-Input"
              type="text"
              spellCheck={false}
              value={values[name] ?? ''}
              placeholder={placeholder}
              onChange={event => {
                onChange({ ...values, [name]: event.target.value });
              }}
            />
          )}
        </Labelled>
      ))}
    </>
  );
}

function bodyOf(
  form: RunForm,
  fields: readonly Field[],
  inputs: Readonly<Record<string, string>>
): RunBody {
  const { on, ...asked } = form.asked(fields);
  const given = Object.entries(inputs).filter(([, uri]) => uri.trim() !== '');
  return {
    ...asked,
    ...(on && { on }),
    ...(given.length > 0 && { inputs: Object.fromEntries(given) })
  };
}
