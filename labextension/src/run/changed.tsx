/** What is different from another run: the last good one, or one that is chosen. */

import * as React from 'react';
import type { Part, RunDetail, RunRow } from '../api/types';
import { CodeDiffs } from '../kit/codeDiff';
import { when } from '../kit/humane';
import { useAnswer } from '../kit/page';
import { useDesk } from '../kit/react';
import { stateWord } from '../kit/state';
import { Trouble } from '../kit/trouble';
import { Block } from './facts';
import { shortRun } from './words';

/** So many earlier runs are offered. */
const OFFERED = 50;

/** Parameters, environment, inputs and results before and after; then the code. */
export function Changed({ detail }: { readonly detail: RunDetail }): React.ReactElement {
  const { api, trans } = useDesk();
  const { run, last_good: good } = detail;
  const [against, setAgainst] = React.useState('');
  const others = useAnswer(`others of ${run.function}`, folder =>
    api.runs(folder, { q: `fn:${run.function}`, limit: OFFERED })
  );
  const offered = (others.value?.items ?? []).filter(({ id }) => id !== run.id);
  const { value, error } = useAnswer(`${run.id} ${against} ${good?.id ?? ''}`, async folder =>
    against === '' && good === null ? null : api.diff(folder, run.id, against || undefined)
  );
  return (
    <>
      <div className="jp-mlrun-nb-Tools">
        <label className="jp-mlrun-nb-Check">
          {trans.__('Against')}
          <select
            className="jp-mlrun-nb-Input"
            value={against}
            onChange={event => {
              setAgainst(event.target.value);
            }}
          >
            <option value="">
              {good === null
                ? trans.__('choose a run')
                : trans.__('the last good run, %1', shortRun(good.id))}
            </option>
            {offered.map(each => (
              <option key={each.id} value={each.id}>
                <Choice run={each} />
              </option>
            ))}
          </select>
        </label>
        {value && <span className="jp-mlrun-nb-hint">{value.summary}</span>}
      </div>
      <Trouble error={error} />
      {value === null && (
        <p className="jp-mlrun-nb-empty">
          {trans.__('No good run came before this one: choose another to compare it with.')}
        </p>
      )}
      {value && value.parts.length + value.code.length === 0 && (
        <p className="jp-mlrun-nb-empty">{trans.__('Nothing differs.')}</p>
      )}
      {value?.parts.map(part => (
        <PartTable key={part.title} part={part} />
      ))}
      {value && value.code.length > 0 && (
        <Block title={trans.__('Code')}>
          <CodeDiffs code={value.code} />
        </Block>
      )}
    </>
  );
}

/** A run as an option of a list, where only text can stand. */
function Choice({ run }: { readonly run: RunRow }): React.ReactElement {
  const { trans } = useDesk();
  const given = run.parameters.map(({ name, text }) => `${name}=${text}`);
  const words = [
    shortRun(run.id),
    when(new Date(run.created), new Date()),
    stateWord(run.state, trans),
    ...(run.result ? [`${run.result.name} ${run.result.text}`] : []),
    ...given
  ];
  return <>{words.join(' · ')}</>;
}

/** Differences of one kind. */
export function PartTable({ part }: { readonly part: Part }): React.ReactElement {
  const { trans } = useDesk();
  return (
    <Block title={part.title}>
      <table className="jp-mlrun-nb-Table jp-mod-changes">
        <thead>
          <tr>
            <th scope="col">{trans.__('Name')}</th>
            <th scope="col">{trans.__('Before')}</th>
            <th scope="col">{trans.__('Now')}</th>
          </tr>
        </thead>
        <tbody>
          {part.changes.map(({ name, old, new: now, distance }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="jp-mod-old">{old ?? <span>{trans.__('absent')}</span>}</td>
              <td className="jp-mod-new">
                {now ?? <span>{trans.__('absent')}</span>}
                {distance && <span className="jp-mlrun-nb-hint"> {distance}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Block>
  );
}
