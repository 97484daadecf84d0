/** A short list of texts that can be changed, taken away and added to. */

import * as React from 'react';
import { useDesk } from '../kit/react';

/** What is in the list. Null in a place is something taken away that must keep its place. */
export interface IEditableListProps {
  readonly label: string;
  /** What one of them is called, for buttons and for ears. */
  readonly noun: string;
  readonly items: readonly (string | null)[];
  readonly placeholder: string;
  readonly onChange: (items: readonly (string | null)[]) => void;
  /** How many of the first ones keep their place when they are taken away. */
  readonly fixed?: number;
}

/** One field for each, and a last button for one more. */
export function EditableList(props: IEditableListProps): React.ReactElement {
  const { label, noun, items, placeholder, onChange, fixed = 0 } = props;
  const { trans } = useDesk();
  const list = React.useRef<HTMLFieldSetElement>(null);
  const put = (position: number, item: string): void => {
    onChange(items.map((each, at) => (at === position ? item : each)));
  };
  const remove = (position: number): void => {
    onChange(
      position < fixed
        ? items.map((each, at) => (at === position ? null : each))
        : items.filter((_, at) => at !== position)
    );
    list.current?.querySelector<HTMLElement>('.jp-mlrun-nb-EditableList-add')?.focus();
  };
  return (
    <fieldset className="jp-mlrun-nb-EditableList" ref={list}>
      <legend>{label}</legend>
      {items.map(
        (item, position) =>
          item !== null && (
            <span key={position} className="jp-mlrun-nb-EditableList-item">
              <input
                type="text"
                className="jp-mlrun-nb-Input jp-mod-code"
                aria-label={trans.__('%1 %2', noun, position + 1)}
                value={item}
                placeholder={placeholder}
                spellCheck={false}
                autoFocus={item === ''}
                onChange={event => {
                  put(position, event.target.value);
                }}
              />
              <button
                type="button"
                className="jp-mlrun-nb-IconButton"
                title={trans.__('Remove %1', item || noun)}
                aria-label={trans.__('Remove %1', item || noun)}
                onClick={() => {
                  remove(position);
                }}
              >
                <svg viewBox="0 0 16 16" aria-hidden>
                  <path d="M4 4l8 8M12 4l-8 8" stroke="currentColor" strokeWidth="1.6" />
                </svg>
              </button>
            </span>
          )
      )}
      <button
        type="button"
        className="jp-mlrun-nb-Link jp-mlrun-nb-EditableList-add"
        aria-label={trans.__('Add %1', noun)}
        onClick={() => {
          onChange([...items, '']);
        }}
      >
        {trans.__('Add')}
      </button>
    </fieldset>
  );
}
