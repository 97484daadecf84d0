/** The versions of a function: what each changed, and which tags stand on which. */

import * as React from 'react';
import type { FunctionDetail, VersionRow } from '../api/types';
import { CodeDiffs } from '../kit/codeDiff';
import { shortHash } from '../kit/humane';
import { useAnswer } from '../kit/page';
import { useDesk } from '../kit/react';
import { Moment } from '../kit/time';
import { Trouble } from '../kit/trouble';
import { complain } from '../run/actions';
import { PartTable } from '../run/changed';
import { askTag } from './tagDialog';

/** Last registered first; further pages are asked for by a button. */
export function VersionsTab({
  detail,
  onVersion
}: {
  readonly detail: FunctionDetail;
  readonly onVersion: (version: string | undefined) => void;
}): React.ReactElement {
  const { api, trans } = useDesk();
  const { value, error } = useAnswer(detail.name, folder => api.versions(folder, detail.name));
  const [older, setOlder] = React.useState<readonly VersionRow[]>([]);
  const [cursor, setCursor] = React.useState<string | null>();
  const { place } = useDesk();
  const next = cursor === undefined ? (value?.cursor ?? null) : cursor;
  const first = value?.items ?? [];
  const items = [...first, ...older.filter(({ hash }) => !first.some(each => each.hash === hash))];
  const more = async (): Promise<void> => {
    try {
      const page = await api.versions(place.folder, detail.name, next ?? undefined);
      setOlder([...older, ...page.items]);
      setCursor(page.cursor);
    } catch (reason) {
      complain(reason);
    }
  };
  const tags = [...new Set(items.flatMap(each => each.tags))];
  return (
    <>
      <Trouble error={error} />
      <ul className="jp-mlrun-nb-Versions" aria-label={trans.__('Versions')}>
        {items.map((version, index) => (
          <Version
            key={version.hash}
            name={detail.name}
            version={version}
            tags={tags}
            isShown={version.hash === detail.version.hash}
            isFirst={index === items.length - 1 && next === null}
            onVersion={onVersion}
          />
        ))}
      </ul>
      {next !== null && (
        <button type="button" className="jp-mlrun-nb-Button" onClick={() => void more()}>
          {trans.__('Older versions')}
        </button>
      )}
    </>
  );
}

function Version({
  name,
  version,
  tags,
  isShown,
  isFirst,
  onVersion
}: {
  readonly name: string;
  readonly version: VersionRow;
  readonly tags: readonly string[];
  readonly isShown: boolean;
  readonly isFirst: boolean;
  readonly onVersion: (version: string | undefined) => void;
}): React.ReactElement {
  const { trans } = useDesk();
  const [isOpen, setOpen] = React.useState(false);
  const moveTag = useMoveTag(name, version, tags);
  const hash = shortHash(version.hash);
  return (
    <li className={isShown ? 'jp-mod-active' : undefined}>
      <div className="jp-mlrun-nb-Version">
        <button
          type="button"
          className="jp-mlrun-nb-Link jp-mod-code"
          aria-current={isShown ? 'true' : undefined}
          title={trans.__('Show version %1', version.hash)}
          onClick={() => {
            onVersion(version.hash);
          }}
        >
          {hash}
        </button>
        <span className="jp-mlrun-nb-Version-change">
          {version.change || (isFirst ? trans.__('the first version') : '')}
        </span>
        {version.tags.map(tag => (
          <span key={tag} className="jp-mlrun-nb-Tag">
            {tag}
          </span>
        ))}
        <span className="jp-mlrun-nb-when">
          {trans._n('%1 run', '%1 runs', version.runs)} · <Moment time={version.created} />
        </span>
        <span className="jp-mlrun-nb-Version-acts">
          {!isFirst && (
            <button
              type="button"
              className="jp-mlrun-nb-Link"
              aria-expanded={isOpen}
              aria-label={trans.__('Difference of %1 from the version before', hash)}
              onClick={() => {
                setOpen(!isOpen);
              }}
            >
              {isOpen ? trans.__('Hide difference') : trans.__('Difference')}
            </button>
          )}
          <button
            type="button"
            className="jp-mlrun-nb-Link"
            aria-label={trans.__('Move a tag to %1', hash)}
            onClick={() => void moveTag()}
          >
            {trans.__('Move tag…')}
          </button>
        </span>
      </div>
      {isOpen && <VersionDifference name={name} version={version.hash} />}
    </li>
  );
}

function VersionDifference({
  name,
  version
}: {
  readonly name: string;
  readonly version: string;
}): React.ReactElement {
  const { api, trans } = useDesk();
  const { value, error } = useAnswer(`${name}@${version}`, folder =>
    api.versionDiff(folder, name, version)
  );
  return (
    <div className="jp-mlrun-nb-Version-diff">
      <Trouble error={error} />
      {value && value.parts.length + value.code.length === 0 && (
        <p className="jp-mlrun-nb-hint">{trans.__('Nothing differs.')}</p>
      )}
      {value?.parts.map(part => (
        <PartTable key={part.title} part={part} />
      ))}
      {value && <CodeDiffs code={value.code} />}
    </div>
  );
}

/** Ask which tag, an existing one or a new one, and move it. */
function useMoveTag(
  name: string,
  version: VersionRow,
  tags: readonly string[]
): () => Promise<void> {
  const desk = useDesk();
  return async () => {
    const others = tags.filter(each => !version.tags.includes(each));
    await askTag(desk, { name, version, others });
    desk.changes.announce();
  };
}
