/** The fields of a run's form. */

import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { Field, ParameterRow } from '../api/types';
import { Prose } from '../kit/prose';
import { useDesk, useSignal } from '../kit/react';
import type { RunForm } from './model';
import { optionLabel } from './optionLabel';
import { placeholderOf } from './placeholder';
import { shapeOf } from './values';

/** A labelled field; what is wrong with it stands below it. */
export function Labelled({
  label,
  note = '',
  isRequired = false,
  wrong = '',
  help = '',
  children
}: {
  readonly label: string;
  /** Beside the label: a type. */
  readonly note?: string;
  readonly isRequired?: boolean;
  readonly wrong?: string;
  readonly help?: string;
  readonly children: (ids: {
    readonly id: string;
    readonly 'aria-describedby': string | undefined;
    readonly 'aria-invalid': boolean | undefined;
  }) => React.ReactElement;
}): React.ReactElement {
  const id = React.useId();
  const says = wrong || help;
  return (
    <div className={`jp-mlrun-nb-Field${wrong ? ' jp-mod-wrong' : ''}`}>
      <label htmlFor={id}>
        {label}
        {note && <span> {note}</span>}
        {isRequired && <span> *</span>}
      </label>
      <div>
        {children({
          id,
          'aria-describedby': says ? `${id}-says` : undefined,
          'aria-invalid': wrong ? true : undefined
        })}
        {says && (
          <p id={`${id}-says`}>
            <Prose text={says} />
          </p>
        )}
      </div>
    </div>
  );
}

/** The parameters of a function, each typed as its schema says; `said` is what the server says of one of them. */
export function ParameterFields({
  form,
  said = {}
}: {
  readonly form: RunForm;
  readonly said?: Readonly<Record<string, string>>;
}): React.ReactElement {
  useSignal(form.changed);
  return (
    <>
      {form.parameters.map(parameter => (
        <ParameterField
          key={parameter.name}
          form={form}
          parameter={parameter}
          said={said[parameter.name] ?? ''}
        />
      ))}
    </>
  );
}

function ParameterField({
  form,
  parameter,
  said
}: {
  readonly form: RunForm;
  readonly parameter: ParameterRow;
  readonly said: string;
}): React.ReactElement {
  const { trans } = useDesk();
  const { name, type, description, required } = parameter;
  const shape = shapeOf(parameter.schema);
  const wrong = form.wrong(parameter);
  const words = {
    whole: trans.__('A whole number, such as 8.'),
    number: trans.__('A number, such as 0.1 or 1e-3.'),
    json: trans.__('JSON, such as [1, 2] or "text".'),
    missing: trans.__('It has no default: give a value.'),
    computed: trans.__('Its default is known only in the run: give a value.')
  };
  const onChange = (
    event: React.ChangeEvent<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>
  ): void => {
    form.set(name, event.target.value);
  };
  return (
    <Labelled
      label={name}
      note={shape.kind === 'choice' || shape.kind === 'flag' ? '' : type}
      isRequired={required}
      wrong={
        said ||
        (wrong !== undefined && (form.isChanged(name) || wrong !== 'missing') ? words[wrong] : '')
      }
      help={description}
    >
      {ids => {
        const common = { ...ids, value: form.text(name), onChange, className: 'jp-mlrun-nb-Input' };
        const placeholder = placeholderWords(parameter, trans);
        switch (shape.kind) {
          case 'flag':
            return (
              <input
                {...ids}
                type="checkbox"
                checked={form.text(name) === 'true'}
                onChange={event => {
                  form.set(name, String(event.target.checked));
                }}
              />
            );
          case 'choice':
            return (
              <select {...common}>
                {form.text(name) === '' && <option value="">{trans.__('choose')}</option>}
                {shape.choices.map(each => (
                  <option key={JSON.stringify(each)} value={JSON.stringify(each)}>
                    {typeof each === 'string' ? each : JSON.stringify(each)}
                  </option>
                ))}
              </select>
            );
          case 'json':
            return (
              <textarea
                {...common}
                placeholder={placeholder}
                rows={Math.min(6, form.text(name).split('\n').length)}
                spellCheck={false}
              />
            );
          case 'text':
            return form.text(name).includes('\n') ? (
              <textarea {...common} rows={4} />
            ) : (
              <input {...common} type="text" placeholder={placeholder} spellCheck={false} />
            );
          default:
            return (
              <input
                {...common}
                type="text"
                inputMode={shape.kind === 'whole' ? 'numeric' : 'decimal'}
                placeholder={placeholder}
              />
            );
        }
      }}
    </Labelled>
  );
}

function placeholderWords(parameter: ParameterRow, trans: TranslationBundle): string {
  const found = placeholderOf(parameter);
  if (found.kind === 'none') {
    return trans.__('none');
  }
  if (found.text === '') {
    return '';
  }
  return found.kind === 'default'
    ? trans.__('default %1', found.text)
    : trans.__('e.g. %1', found.text);
}

/** Options, each with an example of what is typed; one that is left empty stays as it is. */
export function OptionFields({
  form,
  fields,
  said = {}
}: {
  readonly form: RunForm;
  readonly fields: readonly Field[];
  readonly said?: Readonly<Record<string, string>>;
}): React.ReactElement {
  const { trans } = useDesk();
  useSignal(form.changed);
  return (
    <>
      {fields.map(({ name, kind, help, example, choices }) => (
        <Labelled key={name} label={optionLabel(name, trans)} wrong={said[name] ?? ''} help={help}>
          {ids => {
            const usual = form.usualOption(name);
            const value = form.option(name);
            const onChange = (
              event: React.ChangeEvent<HTMLInputElement | HTMLSelectElement>
            ): void => {
              form.setOption(name, event.target.value);
            };
            const offered = kind === 'flag' ? ['true', 'false'] : choices;
            return offered.length > 0 ? (
              <select {...ids} className="jp-mlrun-nb-Input" value={value} onChange={onChange}>
                <option value="">{trans.__('as it is')}</option>
                {offered.map(each => (
                  <option key={each}>{each}</option>
                ))}
              </select>
            ) : (
              <input
                {...ids}
                className="jp-mlrun-nb-Input"
                type="text"
                value={value}
                placeholder={
                  usual ? trans.__('stays %1', usual) : example && trans.__('e.g. %1', example)
                }
                spellCheck={false}
                onChange={onChange}
              />
            );
          }}
        </Labelled>
      ))}
    </>
  );
}

/** Where it runs: an engine, or a profile of the project. */
export function TargetField({
  form,
  targets,
  usual
}: {
  readonly form: RunForm;
  readonly targets: readonly string[];
  /** What is in force when none is chosen. */
  readonly usual: string;
}): React.ReactElement {
  const { trans } = useDesk();
  useSignal(form.changed);
  const all = [...new Set([...(form.on ? [form.on] : []), ...targets])];
  return (
    <Labelled label={trans.__('Run on')}>
      {ids => (
        <select
          {...ids}
          className="jp-mlrun-nb-Input"
          value={form.on}
          onChange={event => {
            form.setOn(event.target.value);
          }}
        >
          {usual !== '' && <option value="">{usual}</option>}
          {all.map(each => (
            <option key={each}>{each}</option>
          ))}
        </select>
      )}
    </Labelled>
  );
}
