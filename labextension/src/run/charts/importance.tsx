/** Which parameters matter. */

import * as React from 'react';
import { count } from '../../kit/humane';
import { useDesk } from '../../kit/react';
import { Block } from '../facts';
import type { Landscape } from './landscape';

/** Of fewer children nothing is told; the server's number. */
const FEWEST = 10;

/** A bar for each parameter, and how it was found. */
export function Importance({ landscape }: { readonly landscape: Landscape }): React.ReactElement {
  const { trans } = useDesk();
  const { charts, axes } = landscape;
  const known = axes.filter(({ importance }) => importance !== null);
  return (
    <Block title={trans.__('Importance')}>
      {known.length === 0 ? (
        <p className="jp-mlrun-nb-hint">
          {charts.compared < FEWEST
            ? trans.__(
                'Told from %1 children with a number on; there are %2.',
                FEWEST,
                charts.compared
              )
            : trans.__('All children came to the same, or have the same parameters.')}
        </p>
      ) : (
        <>
          <ul className="jp-mlrun-nb-Importance">
            {known.map(({ name, importance }) => (
              <Bar key={name} name={name} share={importance ?? 0} />
            ))}
          </ul>
          <p className="jp-mlrun-nb-hint">
            {trans.__(
              'Share of the differences of %1 that a parameter explains alone, over %2 children: epsilon squared of ranks (Kelley 1935), values in up to ten groups. What only two explain together is in neither.',
              charts.result,
              count(charts.compared)
            )}
          </p>
        </>
      )}
    </Block>
  );
}

function Bar({
  name,
  share
}: {
  readonly name: string;
  readonly share: number;
}): React.ReactElement {
  const percent = Math.round(100 * share);
  return (
    <li>
      <span title={name}>{name}</span>
      <span
        role="meter"
        aria-label={name}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <i style={{ width: `${percent}%` }} />
      </span>
      <b>{`${percent} %`}</b>
    </li>
  );
}
