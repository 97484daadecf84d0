/** Why a run is where it is, and what would help. */

import * as React from 'react';
import type { RunDetail } from '../api/types';
import { CommandIDs } from '../commandIds';
import { useAct } from '../kit/page';
import { Prose } from '../kit/prose';
import { useDesk } from '../kit/react';
import { waiting } from '../runs/words';

/** A bar for what went wrong or is waited for, and below it what else is to be noted. */
export function Reason({ detail }: { readonly detail: RunDetail }): React.ReactElement | null {
  const { trans } = useDesk();
  const act = useAct();
  const { run, failure, remedy, notices } = detail;
  const summary = summaryOf(detail, text => waiting({ ...run, reason: text }, trans));
  if (summary === '' && notices.length === 0) {
    return null;
  }
  return (
    <>
      {summary !== '' && (
        <div className={`jp-mlrun-nb-Reason jp-mod-${run.state}`} role="status">
          <div>
            <p className="jp-mlrun-nb-Reason-summary">
              <Prose text={summary} />
            </p>
            {failure?.hint && (
              <p className="jp-mlrun-nb-hint">
                <Prose text={failure.hint} />
              </p>
            )}
            {detail.changed !== '' && run.state === 'failed' && (
              <p className="jp-mlrun-nb-hint">
                {trans.__('Since the last good run: %1', detail.changed)}
              </p>
            )}
          </div>
          {remedy !== null && Object.keys(remedy.options).length > 0 && (
            <button
              type="button"
              className="jp-mlrun-nb-Button"
              title={remedy.text}
              onClick={() => {
                act(CommandIDs.rerun, { run: run.id, options: remedy.options, open: true });
              }}
            >
              {trans.__('Rerun with %1', wordsOf(remedy.options))}
            </button>
          )}
        </div>
      )}
      {notices.length > 0 && (
        <ul className="jp-mlrun-nb-Notices" aria-label={trans.__('Notices')}>
          {notices.map(text => (
            <li key={text}>
              <Prose text={text} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function summaryOf({ run, failure }: RunDetail, wait: (reason: string) => string): string {
  switch (run.state) {
    case 'succeeded':
    case 'running':
      return '';
    case 'pending':
      return wait(run.reason);
    default:
      return failure?.summary ?? run.reason;
  }
}

/** Options as they are said: `memory 8Gi`. */
function wordsOf(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
