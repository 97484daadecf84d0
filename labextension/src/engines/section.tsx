/** The engines in the panel: which are ready, what is wrong with the others. */

import * as React from 'react';
import type { Finding, Health } from '../api/types';
import type { Live } from '../kit/live';
import { useDesk, useLive } from '../kit/react';
import { SectionTrouble } from '../kit/trouble';

/** A row for each engine, and below them whatever else is not as it should be. */
export function Engines({ model }: { readonly model: Live<Health> }): React.ReactElement {
  const { trans } = useDesk();
  const health = useLive(model);
  if (health === undefined) {
    return <SectionTrouble error={model.error} />;
  }
  const wrong = health.others.filter(finding => finding.ok === false);
  return (
    <ul className="jp-mlrun-nb-Findings" aria-label={trans.__('Engines')}>
      {[...health.engines, ...wrong].map(finding => (
        <FindingLine key={finding.name} finding={finding} />
      ))}
    </ul>
  );
}

function FindingLine({ finding }: { readonly finding: Finding }): React.ReactElement {
  const { trans } = useDesk();
  const { name, ok, text, hint } = finding;
  const look = ok === null ? 'absent' : ok ? 'ready' : 'wrong';
  const words = { absent: trans.__('absent'), ready: trans.__('ready'), wrong: trans.__('wrong') };
  return (
    <li className={`jp-mlrun-nb-Finding jp-mod-${look}`}>
      <svg viewBox="0 0 16 16" role="img" aria-label={words[look]} className="jp-mlrun-nb-State">
        {look === 'ready' ? (
          <path d="M3.5 8.5l3 3 6-7" fill="none" stroke="currentColor" strokeWidth="1.8" />
        ) : look === 'wrong' ? (
          <path d="M8 2.5v7M8 12v1.6" fill="none" stroke="currentColor" strokeWidth="2" />
        ) : (
          <path d="M4 8h8" fill="none" stroke="currentColor" strokeWidth="1.8" />
        )}
      </svg>
      <span className="jp-mlrun-nb-Row-name">{name.replace(/^engine /, '')}</span>
      <span className="jp-mlrun-nb-Finding-text">{text}</span>
      {hint && <span className="jp-mlrun-nb-hint">{hint}</span>}
    </li>
  );
}
