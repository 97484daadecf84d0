/** The hub in the panel: a search, and a card for each function that others have published. */

import * as React from 'react';
import type { HubCard, HubFound, SourceNotice } from '../api/types';
import { CommandIDs } from '../commandIds';
import { count } from '../kit/humane';
import { Prose } from '../kit/prose';
import { useDesk, useLive, useSignal } from '../kit/react';
import { SearchField } from '../kit/searchField';
import { SectionTrouble } from '../kit/trouble';
import type { HubModel } from './model';
import { Verified } from './verified';
import { isNewer } from './order';

/** Below the field what is to be known of sources, all cards, and which source has not answered yet. */
export function Hub({
  model,
  field
}: {
  readonly model: HubModel;
  readonly field: React.RefObject<HTMLInputElement>;
}): React.ReactElement {
  const { trans } = useDesk();
  useSignal(model.changed);
  const found = useLive(model.found);
  return (
    <>
      <search className="jp-mlrun-nb-Search jp-mod-hub">
        <SearchField
          field={field}
          value={model.q}
          placeholder={trans.__('name, category or words…')}
          label={trans.__('Search the hub')}
          onSearch={text => {
            model.search(text);
          }}
        />
      </search>
      <SectionTrouble error={model.found.error} />
      {found ? (
        <Cards found={found} model={model} />
      ) : (
        model.found.error === undefined && (
          <p className="jp-mlrun-nb-empty" role="status">
            {trans.__('Reading…')}
          </p>
        )
      )}
    </>
  );
}

function Cards({
  found: { items, total, notices, waiting },
  model
}: {
  readonly found: HubFound;
  readonly model: HubModel;
}): React.ReactElement {
  const { trans } = useDesk();
  return (
    <>
      {notices.map(each => (
        <Notice key={`${each.source} ${each.error}`} notice={each} isOpen={items.length === 0} />
      ))}
      {items.length > 0 && (
        <ul className="jp-mlrun-nb-HubCards" aria-label={trans.__('Functions of the hub')}>
          {items.map(card => (
            <Card key={`${card.source}/${card.name}`} card={card} />
          ))}
        </ul>
      )}
      {total > items.length && (
        <p className="jp-mlrun-nb-HubWaiting">
          {trans.__('%1 more: type what you look for.', count(total - items.length))}
        </p>
      )}
      {items.length === 0 && waiting.length === 0 && <Nothing model={model} />}
      <p className="jp-mlrun-nb-HubWaiting" role="status">
        {waiting.length > 0 && trans.__('Waiting for %1…', waiting.join(', '))}
      </p>
    </>
  );
}

function Card({ card }: { readonly card: HubCard }): React.ReactElement {
  const { commands, trans } = useDesk();
  const { source, name, version, summary, categories, verified, installed } = card;
  const insert = trans.__('Insert %1 into the notebook', name);
  return (
    <li className="jp-mlrun-nb-HubCard">
      <button
        type="button"
        className="jp-mlrun-nb-HubCard-open"
        onClick={() => void commands.execute(CommandIDs.openItem, { source, name })}
      >
        <span className="jp-mlrun-nb-HubCard-name">
          <b title={name}>{name}</b>
          {verified && <Verified />}
          <span>{version}</span>
        </span>
        <span className="jp-mlrun-nb-HubCard-summary" title={summary}>
          {summary}
        </span>
        <span className="jp-mlrun-nb-HubCard-tags">
          <span title={categories.join(', ')}>{categories.join(' · ')}</span>
          <span title={trans.__('From the source %1', source)}>{source}</span>
        </span>
      </button>
      {installed !== '' && <Standing card={card} />}
      <button
        type="button"
        className="jp-mlrun-nb-IconButton"
        title={insert}
        aria-label={insert}
        onClick={() => void commands.execute(CommandIDs.insertItem, { source, name })}
      >
        <svg viewBox="0 0 16 16" aria-hidden>
          <path
            d="M3 3h10v4H3zM8 9.5v5M5.5 12h5"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.4"
          />
        </svg>
      </button>
    </li>
  );
}

/** Which version the project uses, and a newer one to be had by a click. */
function Standing({
  card: { source, name, version, installed }
}: {
  readonly card: HubCard;
}): React.ReactElement {
  const { commands, trans } = useDesk();
  return (
    <span className="jp-mlrun-nb-HubCard-standing">
      <span>{trans.__('installed %1', installed)}</span>
      {isNewer(version, installed) && (
        <button
          type="button"
          className="jp-mlrun-nb-Link"
          aria-label={trans.__('Update %1 to %2', name, version)}
          onClick={() => void commands.execute(CommandIDs.installItem, { source, name, version })}
        >
          {trans.__('update to %1', version)}
        </button>
      )}
    </span>
  );
}

function Nothing({ model }: { readonly model: HubModel }): React.ReactElement {
  const { trans } = useDesk();
  return (
    <div className="jp-mlrun-nb-empty">
      <p>
        {model.q.trim() === ''
          ? trans.__('The sources of this project have no functions.')
          : trans.__('No function has all of these words.')}
      </p>
      {model.q !== '' && (
        <button
          type="button"
          className="jp-mlrun-nb-Button"
          onClick={() => {
            model.search('');
          }}
        >
          {trans.__('Show all')}
        </button>
      )}
    </div>
  );
}

/** What is to be known of a source, in a line above what the others have; it unfolds to all of it. */
function Notice({
  notice: { source, error, hint },
  isOpen
}: {
  readonly notice: SourceNotice;
  readonly isOpen: boolean;
}): React.ReactElement {
  return (
    <details className="jp-mlrun-nb-HubNotice" open={isOpen}>
      <summary title={`${error}. ${hint}`}>
        <b>{source}</b> <Prose text={error} />
      </summary>
      <p className="jp-mlrun-nb-hint">
        <Prose text={hint} />
      </p>
    </details>
  );
}
