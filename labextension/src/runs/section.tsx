/** What stands around the list of runs: doubts, what is missing, how to look further. */

import * as React from 'react';
import { useDesk, useSignal } from '../kit/react';
import { count } from '../kit/humane';
import type { FrontRun } from '../run/front';
import { SectionTrouble } from '../kit/trouble';
import { RunsList } from './list';
import type { RunsModel } from './model';

/** The list, or why there is none. */
export function Runs({
  model,
  front,
  onSearch
}: {
  readonly model: RunsModel;
  readonly front: FrontRun;
  readonly onSearch: () => void;
}): React.ReactElement {
  const { trans } = useDesk();
  useSignal(model.changed);
  const { runs, error, q, isFresh } = model;
  return (
    <>
      <SectionTrouble error={error} />
      {model.doubt && (
        <p className="jp-mlrun-nb-notice">{trans.__('Shown as last seen: %1', model.doubt)}</p>
      )}
      {runs.length > 0 ? (
        <RunsList model={model} front={front} onSearch={onSearch} />
      ) : (
        error === undefined && !isFresh && <NoRuns isSearch={q !== ''} />
      )}
      <Deeper model={model} />
    </>
  );
}

function NoRuns({ isSearch }: { readonly isSearch: boolean }): React.ReactElement {
  const { trans } = useDesk();
  return (
    <p className="jp-mlrun-nb-empty">
      {isSearch
        ? trans.__('No run is like that.')
        : trans.__(
            'No runs yet. Run a cell that begins with %1, and it is listed here.',
            '%%mlrun'
          )}
    </p>
  );
}

/** A search for words looks at beginnings first; this offers to look inside of texts, and says how far that went. */
function Deeper({ model }: { readonly model: RunsModel }): React.ReactElement | null {
  const { trans } = useDesk();
  const { q, deep, looked, isFresh, hasMore } = model;
  const hasFreeWords = q.split(/\s+/).some(word => word !== '' && !word.includes(':'));
  if (!hasFreeWords || isFresh) {
    return null;
  }
  if (deep) {
    return looked === null ? null : (
      <p className="jp-mlrun-nb-notice">
        {trans.__('Looked through %1 runs.', count(looked.runs))}
        {hasMore && (
          <button type="button" className="jp-mlrun-nb-Link" onClick={() => void model.more()}>
            {trans.__('Look further')}
          </button>
        )}
      </p>
    );
  }
  return (
    <p className="jp-mlrun-nb-notice">
      <button
        type="button"
        className="jp-mlrun-nb-Link"
        onClick={() => {
          model.search(q, true);
        }}
      >
        {trans.__('Look inside parameters, labels and messages')}
      </button>
    </p>
  );
}
