/** The versions of an item, and what differs between two of them. */

import * as React from 'react';
import type { HubDetail } from '../api/types';
import { CodeDiffs } from '../kit/codeDiff';
import { useAnswer } from '../kit/page';
import { useDesk } from '../kit/react';
import { Trouble } from '../kit/trouble';
import { PartTable } from '../run/changed';

/** A line for each, newest first; with two or more, any two can be compared. */
export function VersionsTab({
  item,
  onVersion
}: {
  readonly item: HubDetail;
  readonly onVersion: (version: string | undefined) => void;
}): React.ReactElement {
  const { trans } = useDesk();
  return (
    <>
      <ul className="jp-mlrun-nb-Versions" aria-label={trans.__('Versions')}>
        {item.versions.map((version, index) => (
          <li key={version} className={version === item.version ? 'jp-mod-active' : undefined}>
            <div className="jp-mlrun-nb-Version">
              <button
                type="button"
                className="jp-mlrun-nb-Link jp-mod-code"
                aria-current={version === item.version ? 'true' : undefined}
                title={trans.__('Show version %1', version)}
                onClick={() => {
                  onVersion(version);
                }}
              >
                {version}
              </button>
              {index === 0 && <span className="jp-mlrun-nb-Tag">{trans.__('newest')}</span>}
              {version === item.installed && (
                <span className="jp-mlrun-nb-Tag">{trans.__('installed')}</span>
              )}
            </div>
          </li>
        ))}
      </ul>
      {item.versions.length > 1 ? (
        <Compared item={item} />
      ) : (
        <p className="jp-mlrun-nb-hint">{trans.__('It is the first version.')}</p>
      )}
    </>
  );
}

/** Two versions, chosen from all; at first the one that is shown and the one before it. */
function Compared({ item }: { readonly item: HubDetail }): React.ReactElement {
  const { trans } = useDesk();
  const { versions, version } = item;
  const at = Math.min(versions.indexOf(version), versions.length - 2);
  const [pair, setPair] = React.useState({
    old: versions[at + 1] ?? version,
    new: versions[at] ?? version
  });
  const choose = (side: 'old' | 'new', label: string): React.ReactElement => (
    <select
      className="jp-mlrun-nb-Input"
      aria-label={label}
      value={pair[side]}
      onChange={event => {
        setPair({ ...pair, [side]: event.target.value });
      }}
    >
      {versions.map(each => (
        <option key={each}>{each}</option>
      ))}
    </select>
  );
  return (
    <section aria-label={trans.__('Difference')}>
      <div className="jp-mlrun-nb-HubPair">
        <span>{trans.__('What changed from')}</span>
        {choose('old', trans.__('Older version'))}
        <span>{trans.__('to')}</span>
        {choose('new', trans.__('Newer version'))}
      </div>
      <Difference key={`${pair.old} ${pair.new}`} item={item} {...pair} />
    </section>
  );
}

function Difference({
  item: { source, name },
  old,
  new: version
}: {
  readonly item: HubDetail;
  readonly old: string;
  readonly new: string;
}): React.ReactElement {
  const { api, trans } = useDesk();
  const { value, error } = useAnswer(`${source}/${name} ${old} ${version}`, folder =>
    api.hub.diff(folder, { source, name, version }, old)
  );
  return (
    <>
      <Trouble error={error} />
      {value && value.parts.length + value.code.length === 0 && (
        <p className="jp-mlrun-nb-hint">{trans.__('Nothing differs.')}</p>
      )}
      {value?.parts.map(part => (
        <PartTable key={part.title} part={part} />
      ))}
      {value && <CodeDiffs code={value.code} />}
    </>
  );
}
