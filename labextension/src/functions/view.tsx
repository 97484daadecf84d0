/** What is on the page of a function: what it is, what came of it, and its tabs. */

import { codeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { FunctionDetail } from '../api/types';
import { CommandIDs } from '../commandIds';
import { hubAddress, shortHash } from '../kit/humane';
import { Read } from '../kit/page';
import { Prose } from '../kit/prose';
import { useDesk } from '../kit/react';
import { Tabs } from '../kit/tabs';
import { Moment } from '../kit/time';
import { Trouble } from '../kit/trouble';
import type { Watched } from '../kit/watched';
import type { IStarted } from '../run/tokens';
import { History } from './history';
import { RunTab } from './runTab';
import { SourceTab } from './sourceTab';
import { tabsOf, type FunctionTab } from './tabs';
import { VersionsTab } from './versionsTab';

/** A function, and the tab that is open. */
export interface IFunctionViewProps {
  readonly detail: Watched<FunctionDetail>;
  readonly tab: FunctionTab;
  readonly onTab: (tab: FunctionTab) => void;
  readonly onVersion: (version: string | undefined) => void;
  readonly started: IStarted;
}

/** The whole page. */
export function FunctionView(props: IFunctionViewProps): React.ReactElement {
  const { tab, onTab } = props;
  const { trans } = useDesk();
  return (
    <Read of={props.detail}>
      {detail => (
        <>
          <FunctionHead {...props} detail={detail} />
          <Trouble error={props.detail.error} />
          <Tabs
            label={trans.__('About this function')}
            tabs={tabsOf(trans)}
            open={tab}
            onOpen={onTab}
          >
            <TabBody {...props} detail={detail} />
          </Tabs>
        </>
      )}
    </Read>
  );
}

function TabBody({
  detail,
  tab,
  onVersion,
  started
}: Omit<IFunctionViewProps, 'detail'> & {
  readonly detail: FunctionDetail;
}): React.ReactElement {
  switch (tab) {
    case 'run':
      return <RunTab key={detail.version.hash} detail={detail} started={started} />;
    case 'versions':
      return <VersionsTab detail={detail} onVersion={onVersion} />;
    case 'source':
      return <SourceTab detail={detail} />;
  }
}

function FunctionHead({
  detail,
  onTab,
  onVersion
}: Omit<IFunctionViewProps, 'detail'> & {
  readonly detail: FunctionDetail;
}): React.ReactElement {
  const { commands, trans } = useDesk();
  const { name, description, version, notebook, hub } = detail;
  const isLatest = version.tags.includes('latest');
  return (
    <div className="jp-mlrun-nb-Head">
      <div className="jp-mlrun-nb-Head-words">
        <codeIcon.react tag="span" className="jp-mlrun-nb-Head-icon" />
        <h1 title={name}>{name}</h1>
        {version.tags.map(tag => (
          <span key={tag} className="jp-mlrun-nb-Tag">
            {tag}
          </span>
        ))}
        <p className="jp-mlrun-nb-Facts">
          <code title={version.hash}>{shortHash(version.hash)}</code>
          <span>{trans._n('%1 run', '%1 runs', version.runs)}</span>
          <span>
            {version.author !== '' && `${version.author}, `}
            <Moment time={version.created} />
          </span>
          {notebook !== null && (
            <button
              type="button"
              className="jp-mlrun-nb-Link"
              onClick={() => void commands.execute(CommandIDs.openNotebook, { path: notebook })}
            >
              {notebook}
            </button>
          )}
          {hub !== null && (
            <button
              type="button"
              className="jp-mlrun-nb-Link"
              onClick={() => void commands.execute(CommandIDs.openItem, { ...hub })}
            >
              {hubAddress(hub)}
            </button>
          )}
        </p>
      </div>
      <div className="jp-mlrun-nb-Actions">
        {!isLatest && (
          <button
            type="button"
            className="jp-mlrun-nb-Button"
            onClick={() => {
              onVersion(undefined);
            }}
          >
            {trans.__('Show latest')}
          </button>
        )}
        <button
          type="button"
          className="jp-mlrun-nb-Button jp-mod-primary"
          onClick={() => {
            onTab('run');
          }}
        >
          {trans.__('Run…')}
        </button>
      </div>
      {description !== '' && (
        <p className="jp-mlrun-nb-Head-description">
          <Prose text={description} />
        </p>
      )}
      <History detail={detail} />
    </div>
  );
}
