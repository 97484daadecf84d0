/** The engines in the panel: which are ready, what is wrong with the others, and the Dask clusters of runs. */

import * as React from 'react';
import type { Clusters, Finding, Health } from '../api/types';
import type { Live } from '../kit/live';
import { useDesk, useLive } from '../kit/react';
import { SectionTrouble } from '../kit/trouble';
import { ClustersBlock } from './clusters';
import { LookGlyph } from './glyph';

/** A row for each engine, below them whatever else is not as it should be, and the clusters. */
export function Engines({
  health: model,
  clusters
}: {
  readonly health: Live<Health>;
  readonly clusters: Live<Clusters>;
}): React.ReactElement {
  return (
    <>
      <Findings model={model} />
      <ClustersBlock model={clusters} />
    </>
  );
}

function Findings({ model }: { readonly model: Live<Health> }): React.ReactElement {
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
  const { name, ok, text, hint } = finding;
  const look = ok === null ? 'absent' : ok ? 'ready' : 'wrong';
  return (
    <li className={`jp-mlrun-nb-Finding jp-mod-${look}`}>
      <LookGlyph look={look} />
      <span className="jp-mlrun-nb-Row-name">{name.replace(/^engine /, '')}</span>
      <span className="jp-mlrun-nb-Finding-text">{text}</span>
      {hint && <span className="jp-mlrun-nb-hint">{hint}</span>}
    </li>
  );
}
