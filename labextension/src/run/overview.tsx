/** A run at a glance. */

import * as React from 'react';
import type { RunDetail, Usage, Value } from '../api/types';
import { CommandIDs } from '../commandIds';
import { duration, hubAddress } from '../kit/humane';
import { useAct } from '../kit/page';
import { useDesk } from '../kit/react';
import { isFinal } from '../kit/state';
import { Moment } from '../kit/time';
import { Timeline } from './cells';
import { Block, Facts, Fold, type Fact } from './facts';
import { LogEnd } from './log/end';
import { Failures, SweepBlocks } from './sweep';
import type { RunTab } from './tabs';
import { shortRun } from './words';

/** What went in, what came out, what it took, where the time went; and the end of the log where it failed. */
export function Overview({
  detail,
  onTab
}: {
  readonly detail: RunDetail;
  readonly onTab: (tab: RunTab) => void;
}): React.ReactElement {
  const { trans } = useDesk();
  const { run, cells, usage } = detail;
  const bad = run.state === 'failed' || run.state === 'lost' || run.state === 'cancelled';
  return (
    <>
      <div className="jp-mlrun-nb-Columns">
        {detail.sweep !== null && <SweepBlocks run={run} sweep={detail.sweep} />}
        <Parameters detail={detail} />
        {detail.sweep === null && <Results detail={detail} />}
        {usage.length > 0 && (
          <Block title={trans.__('Asked and used')}>
            {usage.map(each => (
              <UsageBar key={each.name} usage={each} />
            ))}
          </Block>
        )}
      </div>
      {detail.sweep !== null && <Failures sweep={detail.sweep} />}
      {cells.length > 0 && (
        <Block title={cellsTitle(detail, trans.__('Cells'))}>
          <Timeline detail={detail} isShort />
        </Block>
      )}
      {(bad || !isFinal(run.state)) && (
        <LogEnd
          run={run}
          onOpen={() => {
            onTab('log');
          }}
        />
      )}
      <Related detail={detail} />
      {detail.provenance.length + detail.inputs.length > 0 && (
        <Fold title={trans.__('Where it came from')}>
          <Facts
            facts={[
              ...detail.inputs.map(({ name, text }) => ({
                name: trans.__('input %1', name),
                value: text
              })),
              ...detail.provenance.map(({ name, text }) => ({ name, value: text })),
              { name: trans.__('folder'), value: detail.directory }
            ]}
          />
        </Fold>
      )}
      <Settings detail={detail} />
    </>
  );
}

function Parameters({ detail }: { readonly detail: RunDetail }): React.ReactElement {
  const { trans } = useDesk();
  return (
    <Block title={trans.__('Parameters')}>
      {detail.parameters.length === 0 ? (
        <p className="jp-mlrun-nb-hint">{trans.__('none')}</p>
      ) : (
        <Facts
          facts={detail.parameters.map(value => ({ name: value.name, value: <Was {...value} /> }))}
        />
      )}
    </Block>
  );
}

function Results({ detail }: { readonly detail: RunDetail }): React.ReactElement {
  const { trans } = useDesk();
  const { results, missing_results: missing, run } = detail;
  const facts: readonly Fact[] = [
    ...results.map(value => ({ name: value.name, value: <Distance {...value} /> })),
    ...missing.map(name => ({ name, value: trans.__('not reached'), isQuiet: true }))
  ];
  return (
    <Block title={trans.__('Results')}>
      {facts.length === 0 ? (
        <p className="jp-mlrun-nb-hint">
          {isFinal(run.state) ? trans.__('none') : trans.__('none yet')}
        </p>
      ) : (
        <Facts facts={facts} />
      )}
    </Block>
  );
}

/** A parameter; where it is another one than last time, what it was. */
function Was({ text, before }: Value): React.ReactElement {
  const { trans } = useDesk();
  return before === null ? (
    <>{text}</>
  ) : (
    <>
      <b>{text}</b> <span className="jp-mlrun-nb-hint">{trans.__('was %1', before)}</span>
    </>
  );
}

/** A result, and how far it is from the last good run's. */
function Distance({ text, before, distance }: Value): React.ReactElement {
  const { trans } = useDesk();
  return (
    <>
      <b>{text}</b>
      {distance && (
        <span className="jp-mlrun-nb-hint" title={before ? trans.__('was %1', before) : undefined}>
          {' '}
          {distance}
        </span>
      )}
    </>
  );
}

function UsageBar({ usage }: { readonly usage: Usage }): React.ReactElement {
  const { trans } = useDesk();
  const { name, used, asked, share } = usage;
  const text = asked === null ? used : trans.__('%1 of %2', used, asked);
  const percent = share === null ? 0 : Math.max(0, Math.min(100, 100 * share));
  return (
    <div className={`jp-mlrun-nb-Usage${percent >= 95 ? ' jp-mod-full' : ''}`}>
      <p>
        <span>{name}</span>
        <span>{text}</span>
      </p>
      {share !== null && (
        <div
          role="meter"
          aria-label={name}
          aria-valuenow={Math.round(percent)}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuetext={text}
        >
          <i style={{ width: `${percent}%` }} />
        </div>
      )}
    </div>
  );
}

/** Ways to other runs and to the notebook. */
function Related({ detail }: { readonly detail: RunDetail }): React.ReactElement | null {
  const { commands, trans } = useDesk();
  const act = useAct();
  const { run, last_good: good, notebook, hub } = detail;
  const link = (text: string, onClick: () => void): React.ReactElement => (
    <button type="button" className="jp-mlrun-nb-Link" onClick={onClick}>
      {text}
    </button>
  );
  const open =
    (id: string): (() => void) =>
    () => {
      act(CommandIDs.openRun, { run: id });
    };
  const items = [
    good && (
      <>
        {link(trans.__('last good run %1', shortRun(good.id)), open(good.id))}{' '}
        <Moment time={good.created} />
        {good.duration_s !== null && ` · ${trans.__('took %1', duration(good.duration_s))}`}
      </>
    ),
    run.origin !== null &&
      link(trans.__('taken from run %1', shortRun(run.origin)), open(run.origin)),
    run.parent !== null &&
      link(trans.__('child of sweep %1', shortRun(run.parent)), open(run.parent)),
    notebook !== null &&
      link(trans.__('notebook %1', notebook), () => {
        void commands.execute(CommandIDs.openNotebook, { path: notebook });
      }),
    hub !== null &&
      link(hubAddress(hub), () => {
        void commands.execute(CommandIDs.openItem, { ...hub });
      })
  ].filter(Boolean);
  return items.length === 0 ? null : (
    <Block title={trans.__('Related')}>
      <ul className="jp-mlrun-nb-Related">
        {items.map((item, index) => (
          <li key={index}>{item}</li>
        ))}
      </ul>
    </Block>
  );
}

/** The settings in force, each with the place that it came from. */
function Settings({ detail }: { readonly detail: RunDetail }): React.ReactElement | null {
  const { trans } = useDesk();
  return detail.settings.length === 0 ? null : (
    <Fold title={trans.__('Settings')}>
      <table className="jp-mlrun-nb-Table">
        <thead>
          <tr>
            <th>{trans.__('Setting')}</th>
            <th>{trans.__('Value')}</th>
            <th>{trans.__('From')}</th>
          </tr>
        </thead>
        <tbody>
          {detail.settings.map(({ name, text, source }) => (
            <tr key={name}>
              <td>{name}</td>
              <td>
                <code>{text}</code>
              </td>
              <td>{source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Fold>
  );
}

function cellsTitle({ run }: RunDetail, word: string): string {
  return run.duration_s === null ? word : `${word} · ${duration(run.duration_s)}`;
}
