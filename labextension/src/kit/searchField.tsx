/** A field that searches as one types; Escape empties it. */

import * as React from 'react';

/** What is in the field, and what is said of it. */
export interface ISearchFieldProps {
  readonly field: React.RefObject<HTMLInputElement>;
  readonly value: string;
  readonly placeholder: string;
  readonly label: string;
  readonly onSearch: (text: string) => void;
  /** Beside what is typed, such as the key that leads here. */
  readonly children?: React.ReactNode;
}

/** The field, in the panel's own look. */
export function SearchField(props: ISearchFieldProps): React.ReactElement {
  const { field, value, placeholder, label, onSearch, children } = props;
  return (
    <div className="jp-mlrun-nb-Search-field">
      <input
        ref={field}
        type="search"
        value={value}
        placeholder={placeholder}
        aria-label={label}
        spellCheck={false}
        onChange={event => {
          onSearch(event.target.value);
        }}
        onKeyDown={event => {
          if (event.key === 'Escape') {
            onSearch('');
          }
        }}
      />
      {children}
    </div>
  );
}
