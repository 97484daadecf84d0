/** What a run left: a list, and how the chosen one looks. */

import { Clipboard } from '@jupyterlab/apputils';
import { copyIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { ArtifactRow, Preview, RunDetail } from '../api/types';
import { size } from '../kit/humane';
import { useAnswer } from '../kit/page';
import { useDesk } from '../kit/react';
import { isFinal } from '../kit/state';
import { Trouble } from '../kit/trouble';
import { Facts } from './facts';

/** The list at the left, the preview at the right or, on a narrow page, below. */
export function Artifacts({ detail }: { readonly detail: RunDetail }): React.ReactElement {
  const { trans } = useDesk();
  const { artifacts, run } = detail;
  const [name, setName] = React.useState(artifacts[0]?.name);
  const chosen = artifacts.find(each => each.name === name) ?? artifacts[0];
  if (chosen === undefined) {
    return (
      <p className="jp-mlrun-nb-empty">
        {isFinal(run.state)
          ? trans.__(
              'It left no artifact. %1 on the %2 line keeps a variable; numbers and short texts are results.',
              '--output NAME',
              '%%mlrun'
            )
          : trans.__('Nothing yet.')}
      </p>
    );
  }
  return (
    <div className="jp-mlrun-nb-Artifacts">
      <ul aria-label={trans.__('Artifacts')}>
        {artifacts.map(each => (
          <li key={each.name}>
            <button
              type="button"
              aria-pressed={each === chosen}
              onClick={() => {
                setName(each.name);
              }}
            >
              <b title={each.name}>{each.name}</b>
              <span>{size(each.size)}</span>
              <span title={each.type}>{each.type || each.kind}</span>
            </button>
          </li>
        ))}
      </ul>
      <ArtifactView key={chosen.name} run={run.id} artifact={chosen} />
    </div>
  );
}

function ArtifactView({
  run,
  artifact
}: {
  readonly run: string;
  readonly artifact: ArtifactRow;
}): React.ReactElement {
  const { api, place, trans } = useDesk();
  const { value, error } = useAnswer(`${run}/${artifact.name}/${artifact.digest}`, folder =>
    api.preview(folder, run, artifact.name)
  );
  return (
    <section className="jp-mlrun-nb-Artifact" aria-label={artifact.name}>
      <div className="jp-mlrun-nb-Load">
        <code title={artifact.load}>{artifact.load}</code>
        <button
          type="button"
          className="jp-mlrun-nb-IconButton"
          title={trans.__('Copy the Python that loads it')}
          aria-label={trans.__('Copy the Python that loads it')}
          onClick={() => {
            Clipboard.copyToSystem(artifact.load);
          }}
        >
          <copyIcon.react tag="span" />
        </button>
        <a
          className="jp-mlrun-nb-Button"
          href={api.download(place.folder, run, artifact.name)}
          download={artifact.file}
        >
          {trans.__('Download')}
        </a>
      </div>
      <Trouble error={error} />
      {value && <PreviewView run={run} artifact={artifact} preview={value} />}
      <Facts
        facts={[
          ...artifact.facts.map(({ name, text }) => ({ name, value: text })),
          { name: trans.__('media type'), value: artifact.media_type },
          { name: trans.__('digest'), value: artifact.digest },
          { name: trans.__('where'), value: artifact.uri }
        ]}
      />
    </section>
  );
}

function PreviewView({
  run,
  artifact,
  preview
}: {
  readonly run: string;
  readonly artifact: ArtifactRow;
  readonly preview: Preview;
}): React.ReactElement {
  const { trans } = useDesk();
  const cut = preview.cut && (
    <p className="jp-mlrun-nb-hint">{trans.__('This is the beginning of it.')}</p>
  );
  switch (preview.kind) {
    case 'table':
      return (
        <>
          <div
            className="jp-mlrun-nb-Preview"
            tabIndex={0}
            role="region"
            aria-label={trans.__('Table')}
          >
            <table className="jp-mlrun-nb-Table jp-mod-data">
              <thead>
                <tr>
                  {preview.columns.map((column, index) => (
                    <th key={index} scope="col">
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {preview.rows.map((row, index) => (
                  <tr key={index}>
                    {row.map((cell, column) => (
                      <td key={column}>{cell}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {cut}
        </>
      );
    case 'text':
      return (
        <>
          <pre
            className="jp-mlrun-nb-Text"
            tabIndex={0}
            aria-label={trans.__('Beginning of the text')}
          >
            {preview.text}
          </pre>
          {cut}
        </>
      );
    case 'picture':
      return <Picture run={run} artifact={artifact.name} name={preview.picture} />;
    default:
      return <p className="jp-mlrun-nb-hint">{preview.reason}</p>;
  }
}

/** A picture as an object of its own: in an `<img>` no script of it runs, whatever it is. */
function Picture({
  run,
  artifact,
  name
}: {
  readonly run: string;
  readonly artifact: string;
  readonly name: string;
}): React.ReactElement {
  const { api, place } = useDesk();
  const [url, setUrl] = React.useState('');
  const [error, setError] = React.useState<unknown>();
  React.useEffect(() => {
    let made = '';
    let isGone = false;
    api.picture(place.folder, run, artifact, name).then(
      blob => {
        if (!isGone) {
          made = URL.createObjectURL(blob);
          setUrl(made);
        }
      },
      (reason: unknown) => {
        setError(reason);
      }
    );
    return () => {
      isGone = true;
      URL.revokeObjectURL(made);
    };
  }, [run, artifact, name]);
  return (
    <>
      <Trouble error={error} />
      {url !== '' && <img className="jp-mlrun-nb-Picture" src={url} alt={artifact} />}
    </>
  );
}
