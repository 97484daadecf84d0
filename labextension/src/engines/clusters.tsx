/** The Dask clusters that runs have started: whose each is, what it has, what it costs, and when it ends. */

import * as React from 'react';
import type { ClusterRow, Clusters, UnknownCluster } from '../api/types';
import { count, duration, size } from '../kit/humane';
import type { Live } from '../kit/live';
import { Prose } from '../kit/prose';
import { useDesk, useLiveInSight } from '../kit/react';
import { SectionTrouble } from '../kit/trouble';
import { ClusterActions } from './actions';
import { DashboardLink } from './dashboardLink';
import { LookGlyph } from './glyph';
import { coreHours, wanted } from './model';

/** All clusters, a new one in sight; where runs on Dask have none, a quiet way to one. Nothing of it is asked for while nobody sees it. */
export function ClustersBlock({ model }: { readonly model: Live<Clusters> }): React.ReactElement {
  const desk = useDesk();
  const { trans } = desk;
  const node = React.useRef<HTMLDivElement>(null);
  const found = useLiveInSight(model, node);
  const actions = React.useMemo(() => new ClusterActions(desk, model), [desk, model]);
  const id = React.useId();
  const number = found?.clusters.length;
  const before = React.useRef(number);
  React.useEffect(() => {
    if (number !== undefined && before.current !== undefined && number > before.current) {
      node.current?.scrollIntoView({ block: 'nearest' });
    }
    before.current = number;
  }, [number]);
  return (
    <div ref={node} className="jp-mlrun-nb-Clusters">
      <SectionTrouble error={model.error} />
      {found !== undefined && found.clusters.length + found.unknown.length > 0 && (
        <>
          <h3 id={id}>{trans.__('Dask clusters')}</h3>
          <ul aria-labelledby={id}>
            {found.clusters.map(cluster => (
              <ClusterCard key={`${cluster.place} ${cluster.name}`} {...{ cluster, actions }} />
            ))}
            {found.unknown.map(each => (
              <UnknownLine key={each.on} unknown={each} />
            ))}
          </ul>
        </>
      )}
      {found?.vacant && (
        <button
          type="button"
          className="jp-mlrun-nb-Link"
          title={trans.__(
            'Runs on the engine dask go there; without one they start one themselves'
          )}
          onClick={() => void actions.begin()}
        >
          {trans.__('Start a Dask cluster…')}
        </button>
      )}
    </div>
  );
}

function ClusterCard({
  cluster,
  actions
}: {
  readonly cluster: ClusterRow;
  readonly actions: ClusterActions;
}): React.ReactElement {
  const { trans } = useDesk();
  const [isBusy, setIsBusy] = React.useState(false);
  const { name, place, trouble, dashboard } = cluster;
  const act = (work: Promise<void>): void => {
    setIsBusy(true);
    void work.finally(() => {
      setIsBusy(false);
    });
  };
  return (
    <li className={`jp-mlrun-nb-Cluster jp-mod-${trouble ? 'wrong' : 'ready'}`} aria-busy={isBusy}>
      <p className="jp-mlrun-nb-Cluster-name">
        <LookGlyph look={trouble ? 'wrong' : 'ready'} />
        <b title={name}>{name}</b>
        <span title={place}>{place}</span>
      </p>
      {trouble && (
        <p className="jp-mlrun-nb-Cluster-trouble">
          <Prose text={trouble} />
        </p>
      )}
      <ClusterFacts cluster={cluster} />
      <p className="jp-mlrun-nb-Cluster-actions">
        {dashboard && <DashboardLink address={dashboard} />}
        <button
          type="button"
          className="jp-mlrun-nb-Button"
          disabled={isBusy}
          aria-label={trans.__('Scale cluster %1', name)}
          onClick={() => {
            act(actions.scale(cluster));
          }}
        >
          {trans.__('Scale…')}
        </button>
        <button
          type="button"
          className="jp-mlrun-nb-Button"
          disabled={isBusy}
          aria-label={trans.__('End cluster %1', name)}
          onClick={() => {
            act(actions.end(cluster));
          }}
        >
          {trans.__('End…')}
        </button>
      </p>
    </li>
  );
}

function ClusterFacts({ cluster }: { readonly cluster: ClusterRow }): React.ReactElement {
  const { trans } = useDesk();
  const { workers, least, most, slots, runs, memory_bytes: memory } = cluster;
  const isWhole = workers === least && workers === most;
  const facts: readonly (readonly [name: string, value: string])[] = [
    [
      trans.__('workers'),
      isWhole
        ? trans._n('%2 · %1 slot', '%2 · %1 slots', slots, count(workers))
        : trans._n(
            '%2 of %3 · %1 slot',
            '%2 of %3 · %1 slots',
            slots,
            count(workers),
            wanted(cluster)
          )
    ],
    [trans.__('runs'), trans.__('%1 on %2', count(runs), cluster.on)],
    [trans.__('memory'), size(memory)],
    [
      trans.__('up'),
      trans.__('%1 · %2 core hours', whole(cluster.up_s), coreHours(cluster.core_hours))
    ],
    [trans.__('owner'), cluster.owner],
    [trans.__('ends'), trans.__('after %1 without runs', whole(cluster.idle_timeout_s))]
  ];
  return (
    <dl>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd title={value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A place whose clusters are not known: why, and what to do. */
function UnknownLine({ unknown }: { readonly unknown: UnknownCluster }): React.ReactElement {
  const { on, error, hint } = unknown;
  return (
    <li className="jp-mlrun-nb-Cluster jp-mod-wrong">
      <p className="jp-mlrun-nb-Cluster-name">
        <LookGlyph look="wrong" />
        <b title={on}>{on}</b>
      </p>
      <p className="jp-mlrun-nb-Cluster-trouble">
        <Prose text={error} />
      </p>
      {hint && (
        <p className="jp-mlrun-nb-hint">
          <Prose text={hint} />
        </p>
      )}
    </li>
  );
}

/** A length of time without parts of a second: this is looked at every few of them. */
function whole(seconds: number): string {
  return seconds < 60 ? `${Math.round(seconds)} s` : duration(seconds);
}
