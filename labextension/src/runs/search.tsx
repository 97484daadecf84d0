/** The search field and the chips below it. */

import * as React from 'react';
import type { Counts } from '../api/types';
import { count } from '../kit/humane';
import { useDesk, useSignal } from '../kit/react';
import { SearchField } from '../kit/searchField';
import type { RunsModel } from './model';
import { hasWord, toggleWord, wordFor } from './query';

/** What is searched, and what the chips offer. */
export interface ISearchProps {
  readonly model: RunsModel;
  readonly counts: Counts | undefined;
  /** The name of the notebook that is open; empty where none is. */
  readonly notebook: string;
  readonly field: React.RefObject<HTMLInputElement>;
}

/** A field for words such as `state:failed fn:train before:2d`, and chips for the ones that are wanted most. */
export function Search({ model, counts, notebook, field }: ISearchProps): React.ReactElement {
  const { trans } = useDesk();
  useSignal(model.changed);
  const chips = [
    { word: 'state:running,pending', text: trans.__('running'), number: open(counts) },
    { word: 'state:failed,lost', text: trans.__('failed'), number: bad(counts) },
    ...(notebook ? [{ word: wordFor('notebook', notebook), text: trans.__('this notebook') }] : []),
    { word: 'after:today', text: trans.__('today') }
  ];
  return (
    <search className="jp-mlrun-nb-Search">
      <SearchField
        field={field}
        value={model.q}
        placeholder={trans.__('state:failed fn:train…')}
        label={trans.__('Search runs')}
        onSearch={text => {
          model.search(text);
        }}
      >
        {model.q === '' && <kbd aria-hidden>/</kbd>}
      </SearchField>
      <div className="jp-mlrun-nb-Chips" role="group" aria-label={trans.__('Often searched')}>
        {chips.map(({ word, text, number }) => (
          <button
            key={word}
            type="button"
            className="jp-mlrun-nb-Chip"
            aria-pressed={hasWord(model.q, word)}
            onClick={() => {
              model.search(toggleWord(model.q, word));
            }}
          >
            {text}
            {number ? ` ${count(number)}` : ''}
          </button>
        ))}
      </div>
    </search>
  );
}

function open(counts: Counts | undefined): number {
  return counts ? counts.running + counts.pending : 0;
}

function bad(counts: Counts | undefined): number {
  return counts ? counts.failed + counts.lost : 0;
}
