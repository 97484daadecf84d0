/** What is deleted with a run, before it is. */

import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { RunRow } from '../api/types';
import { exactTime } from '../kit/humane';
import { shortRun } from './words';

/** The body of the dialog: the runs by name and time, `total` of them in all. */
export function deletionBody(
  named: readonly (RunRow | undefined)[],
  total: number,
  trans: TranslationBundle
): React.ReactElement {
  const more = total - named.length;
  return (
    <div className="jp-mlrun-nb-Deletion">
      <ul>
        {named.map((run, index) =>
          run ? (
            <li key={run.id}>
              <b>{run.function}</b> {shortRun(run.id)}, {exactTime(new Date(run.created))}
            </li>
          ) : (
            <li key={index}>{trans.__('a run that is not there any more')}</li>
          )
        )}
        {more > 0 && <li>{trans._n('and %1 more', 'and %1 more', more)}</li>}
      </ul>
      <p>
        {trans._n(
          'Its executed notebook, log, results and artifacts are deleted too. This cannot be undone.',
          'Their executed notebooks, logs, results and artifacts are deleted too. This cannot be undone.',
          total
        )}
      </p>
    </div>
  );
}
