/** The form of a function's options, for the side panel of notebook tools. */

import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { Field, Section } from '../api/types';
import { CommandIDs } from '../commandIds';
import type { IDesk } from '../desk';
import { DeskProvider, useDesk, useSignal } from '../kit/react';
import { Trouble } from '../kit/trouble';
import type { CellForm } from './cellForm';
import { OptionField } from './optionField';
import { formSections } from './sections';

/** Shows the form of a model. */
export class CellFormView extends ReactWidget {
  constructor(
    private readonly _desk: IDesk,
    private readonly _form: CellForm
  ) {
    super();
    this.addClass('jp-mlrun-nb-CellForm');
    void _form.load();
  }

  protected override render(): React.ReactElement {
    return (
      <DeskProvider value={this._desk}>
        <Form form={this._form} />
      </DeskProvider>
    );
  }
}

function Form({ form }: { readonly form: CellForm }): React.ReactElement {
  const { commands, trans } = useDesk();
  useSignal(form.changed);
  if (!form.isFunction) {
    return (
      <div className="jp-mlrun-nb-CellForm-none">
        <p>
          {form.cell === null
            ? trans.__('Resources belong to functions: choose a cell of code.')
            : trans.__(
                'This cell is no function: it runs in the kernel, with what the kernel has.'
              )}
        </p>
        {form.cell !== null && (
          <button
            type="button"
            className="jp-mlrun-nb-Button"
            onClick={() => void commands.execute(CommandIDs.makeFunction)}
          >
            {trans.__('Make this cell a function…')}
          </button>
        )}
      </div>
    );
  }
  if (form.options === undefined) {
    return <Trouble error={form.error} />;
  }
  const { first, rest } = formSections(form.options);
  const cell = form.function;
  return (
    <>
      <p className="jp-mlrun-nb-CellForm-name">
        <b>{cell?.name}</b>
      </p>
      {cell?.standing === 'broken' && (
        <div className="jp-mlrun-nb-Trouble" role="status">
          <p>{cell.problem}</p>
          {cell.hint && <p className="jp-mlrun-nb-hint">{cell.hint}</p>}
        </div>
      )}
      <Fields form={form} fields={first} />
      {rest.map(section => (
        <More key={section.name} form={form} section={section} />
      ))}
    </>
  );
}

function Fields({
  form,
  fields
}: {
  readonly form: CellForm;
  readonly fields: readonly Field[];
}): React.ReactElement {
  const id = form.cell?.id ?? '';
  return (
    <>
      {fields.map(field => (
        <OptionField
          key={`${id} ${field.name}`}
          field={field}
          targets={form.options?.targets ?? []}
          value={form.value(field.name)}
          draft={form.draft(field.name)}
          onWrite={text => {
            void form.write(field.name, text);
          }}
        />
      ))}
    </>
  );
}

/** A section that is folded until somebody opens it; how many of its options the cell states stands beside its name. */
function More({
  form,
  section
}: {
  readonly form: CellForm;
  readonly section: Section;
}): React.ReactElement {
  const stated = section.fields.filter(({ name }) => form.value(name) !== '').length;
  return (
    <details>
      <summary>
        {section.title}
        {stated > 0 && <span className="jp-mlrun-nb-Section-number">{stated}</span>}
      </summary>
      <Fields form={form} fields={section.fields} />
    </details>
  );
}
