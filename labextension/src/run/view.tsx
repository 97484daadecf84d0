/** What is on the page of a run: who it is, why it is so, and its tabs. */

import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import * as React from 'react';
import type { RunDetail } from '../api/types';
import { Read } from '../kit/page';
import { useDesk } from '../kit/react';
import { Tabs } from '../kit/tabs';
import { Trouble } from '../kit/trouble';
import type { Watched } from '../kit/watched';
import { Artifacts } from './artifacts';
import { Cells } from './cells';
import { Changed } from './changed';
import { ChartsTab } from './charts/tab';
import { ChildrenTab } from './children/tab';
import { RunHeader } from './header';
import { LogTab } from './log/tab';
import { MetricsTab } from './metrics';
import { Overview } from './overview';
import { Reason } from './reason';
import { tabsOf, type RunTab } from './tabs';

/** A run, and the tab that is open. */
export interface IRunViewProps {
  readonly run: string;
  readonly detail: Watched<RunDetail>;
  readonly tab: RunTab;
  readonly onTab: (tab: RunTab) => void;
  /** Null where the host renders no charts. */
  readonly rendermime: IRenderMimeRegistry | null;
}

/** The whole page; what could not be read is said above what was read before. */
export function RunView(props: IRunViewProps): React.ReactElement {
  return (
    <Read of={props.detail}>
      {detail => (
        <>
          <RunHeader detail={detail} />
          <Trouble error={props.detail.error} />
          <Reason detail={detail} />
          <TabsOf {...props} detail={detail} />
        </>
      )}
    </Read>
  );
}

function TabsOf(
  props: Omit<IRunViewProps, 'detail'> & { readonly detail: RunDetail }
): React.ReactElement {
  const { trans } = useDesk();
  const tabs = tabsOf(props.detail, trans);
  const tab = tabs.some(({ id }) => id === props.tab) ? props.tab : 'overview';
  return (
    <Tabs label={trans.__('About this run')} tabs={tabs} open={tab} onOpen={props.onTab}>
      <TabBody {...props} tab={tab} />
    </Tabs>
  );
}

function TabBody({
  detail,
  tab,
  onTab,
  rendermime
}: Omit<IRunViewProps, 'detail'> & { readonly detail: RunDetail }): React.ReactElement {
  switch (tab) {
    case 'overview':
      return <Overview detail={detail} onTab={onTab} />;
    case 'children':
      return detail.sweep === null ? <></> : <ChildrenTab detail={detail} sweep={detail.sweep} />;
    case 'charts':
      return detail.sweep === null ? (
        <></>
      ) : (
        <ChartsTab detail={detail} sweep={detail.sweep} rendermime={rendermime} />
      );
    case 'cells':
      return <Cells detail={detail} />;
    case 'log':
      return <LogTab run={detail.run} />;
    case 'metrics':
      return <MetricsTab detail={detail} rendermime={rendermime} />;
    case 'artifacts':
      return <Artifacts detail={detail} />;
    case 'changed':
      return <Changed detail={detail} />;
  }
}
