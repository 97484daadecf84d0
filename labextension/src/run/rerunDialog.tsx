/** "Rerun with edits": what is to be different this time. */

import * as React from 'react';
import type { Field, FunctionDetail, Options, RunDetail, RunRow } from '../api/types';
import type { IDesk } from '../desk';
import { OptionFields, ParameterFields, TargetField } from '../form/fields';
import { RunForm } from '../form/model';
import { saidOf, useShownError } from '../form/said';
import { Submission, submitted } from '../form/submission';
import { useDesk, useSignal } from '../kit/react';
import { Trouble } from '../kit/trouble';

/** What the server offers; nothing where it could not say. */
type Offered = Pick<Options, 'sections' | 'startable'>;

/** The options that a rerun most often changes. */
const OFFERED = ['memory', 'cpu', 'gpu', 'timeout'];

/** Ask what is to be different, and run it; returns the new run, or undefined where nobody wanted it in the end. */
export async function askRerun(
  desk: IDesk,
  folder: string,
  id: string
): Promise<RunRow | undefined> {
  const { api, trans } = desk;
  const detail = await api.run(folder, id);
  const [found, options] = await Promise.all([
    api.function(folder, detail.run.function, detail.run.version),
    api.options(folder).catch((): Offered => ({ sections: [], startable: [] }))
  ]);
  const model = new RerunModel(desk, folder, detail, found, options);
  return submitted(desk, model, {
    title: trans.__('Rerun %1 with edits', detail.run.function),
    body: <RerunFields model={model} />,
    okLabel: trans.__('Rerun')
  });
}

/** The form, and what the server said to it. */
class RerunModel extends Submission<RunRow> {
  constructor(
    private readonly _desk: IDesk,
    private readonly _folder: string,
    readonly detail: RunDetail,
    found: FunctionDetail,
    readonly options: Offered
  ) {
    super();
    const { run, parameters, settings } = detail;
    this.fields = fieldsOf(options);
    this.form = new RunForm({
      parameters: found.parameters,
      given: Object.fromEntries(parameters.map(({ name, text }) => [name, text])),
      options: Object.fromEntries(
        settings.filter(({ name }) => OFFERED.includes(name)).map(({ name, text }) => [name, text])
      ),
      on: run.profile || run.engine
    });
  }

  readonly form: RunForm;
  readonly fields: readonly Field[];

  protected get isRight(): boolean {
    return this.form.isRight;
  }

  protected send(): Promise<RunRow> {
    const asked = this.form.asked(this.fields);
    return this._desk.api.rerun(this._folder, this.detail.run.id, asked);
  }
}

function RerunFields({ model }: { readonly model: RerunModel }): React.ReactElement {
  const { trans } = useDesk();
  useSignal(model.changed);
  const { form, fields, options, error, isBusy } = model;
  const names = [...form.parameters.map(({ name }) => name), ...fields.map(({ name }) => name)];
  const said = saidOf(error, names);
  const node = useShownError(error);
  return (
    <div ref={node} className="jp-mlrun-nb-Form" aria-busy={isBusy}>
      {Object.keys(said).length === 0 && <Trouble error={error} />}
      {form.parameters.length > 0 && (
        <fieldset>
          <legend>{trans.__('Parameters')}</legend>
          <ParameterFields form={form} said={said} />
        </fieldset>
      )}
      <fieldset>
        <legend>{trans.__('Where, and with what')}</legend>
        <TargetField form={form} targets={options.startable} usual="" />
        <OptionFields form={form} fields={fields} said={said} />
      </fieldset>
    </div>
  );
}

/** The options that are offered, with what the server says of them. */
function fieldsOf({ sections }: Offered): readonly Field[] {
  const known = sections.flatMap(({ fields }) => fields);
  return OFFERED.map(
    name =>
      known.find(field => field.name === name) ?? {
        name,
        kind: 'text',
        section: 'resources',
        help: '',
        example: '',
        choices: []
      }
  );
}
