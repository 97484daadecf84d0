/** One option in a form. */

import * as React from 'react';
import type { Field } from '../api/types';
import { optionLabel } from '../form/optionLabel';
import { useDesk } from '../kit/react';
import type { Draft } from './cellForm';

/** The option, what the cell says, and what could not be written. */
export interface IOptionFieldProps {
  readonly field: Field;
  /** The engines and profiles that `on` takes. */
  readonly targets: readonly string[];
  readonly value: string;
  readonly draft: Draft | undefined;
  readonly onWrite: (text: string) => void;
}

/** Writes when the field is left or Enter is pressed; Escape takes back what was typed. */
export function OptionField(props: IOptionFieldProps): React.ReactElement {
  const { field, value, draft } = props;
  const id = React.useId();
  const about = `${id}-about`;
  const { trans } = useDesk();
  return (
    <div className="jp-mlrun-nb-Field" title={field.help}>
      <label htmlFor={id}>{optionLabel(field.name, trans)}</label>
      <Control {...props} id={id} about={about} shown={draft?.text ?? value} />
      <p id={about} className={draft ? 'jp-mlrun-nb-Field-problem' : 'jp-mlrun-nb-Field-help'}>
        {draft ? [draft.problem, draft.hint].filter(Boolean).join('. ') : field.help}
      </p>
    </div>
  );
}

interface IControlProps extends IOptionFieldProps {
  readonly id: string;
  readonly about: string;
  readonly shown: string;
}

function Control({
  field,
  targets,
  draft,
  onWrite,
  id,
  about,
  shown
}: IControlProps): React.ReactElement {
  const { trans } = useDesk();
  const common = { id, 'aria-describedby': about, 'aria-invalid': draft !== undefined };
  if (field.kind === 'flag') {
    return (
      <input
        {...common}
        type="checkbox"
        checked={shown === 'true'}
        onChange={event => {
          onWrite(event.target.checked ? 'true' : '');
        }}
      />
    );
  }
  if (field.choices.length > 0 || (field.name === 'on' && targets.length > 0)) {
    const offered = field.choices.length > 0 ? field.choices : targets;
    const choices = shown === '' || offered.includes(shown) ? offered : [...offered, shown];
    return (
      <select
        {...common}
        className="jp-mlrun-nb-Input"
        value={shown}
        onChange={event => {
          onWrite(event.target.value);
        }}
      >
        <option value="">{trans.__('as usual')}</option>
        {choices.map(choice => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    );
  }
  return <TextControl {...common} example={field.example} shown={shown} onWrite={onWrite} />;
}

function TextControl({
  example,
  shown,
  onWrite,
  ...common
}: React.AriaAttributes & {
  readonly id: string;
  readonly example: string;
  readonly shown: string;
  readonly onWrite: (text: string) => void;
}): React.ReactElement {
  const { trans } = useDesk();
  const [typed, setTyped] = React.useState<string>();
  const write = (): void => {
    if (typed !== undefined) {
      onWrite(typed.trim());
      setTyped(undefined);
    }
  };
  return (
    <input
      {...common}
      type="text"
      className="jp-mlrun-nb-Input jp-mod-code"
      value={typed ?? shown}
      placeholder={example && trans.__('e.g. %1', example)}
      spellCheck={false}
      onChange={event => {
        setTyped(event.target.value);
      }}
      onBlur={write}
      onKeyDown={event => {
        if (event.key === 'Enter') {
          write();
        } else if (event.key === 'Escape' && typed !== undefined) {
          event.stopPropagation();
          setTyped(undefined);
        }
      }}
    />
  );
}
