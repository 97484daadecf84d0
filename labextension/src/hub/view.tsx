/** What is on the page of an item: what it is, what can be done with it, and its tabs. */

import { extensionIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { HubDetail } from '../api/types';
import { CommandIDs } from '../commandIds';
import { Elsewhere } from '../form/elsewhere';
import { RunFormView } from '../form/runForm';
import { ReadCells } from '../kit/cells';
import { Read, useAct } from '../kit/page';
import { Prose } from '../kit/prose';
import { useDesk } from '../kit/react';
import { Tabs } from '../kit/tabs';
import { Trouble } from '../kit/trouble';
import type { Watched } from '../kit/watched';
import type { IStarted } from '../run/tokens';
import { AboutTab } from './aboutTab';
import { tabsOf, type ItemTab } from './tabs';
import { Verified } from './verified';
import { VersionsTab } from './versionsTab';

/** An item, and the tab that is open. */
export interface IItemViewProps {
  readonly detail: Watched<HubDetail>;
  readonly tab: ItemTab;
  readonly onTab: (tab: ItemTab) => void;
  readonly onVersion: (version: string | undefined) => void;
  readonly started: IStarted;
}

/** The whole page. */
export function ItemView(props: IItemViewProps): React.ReactElement {
  const { detail, tab, onTab } = props;
  const { trans } = useDesk();
  return (
    <Read of={detail}>
      {item => (
        <>
          <ItemHead {...props} item={item} />
          <Trouble error={detail.error} />
          <Tabs
            label={trans.__('About this item')}
            tabs={tabsOf(item, trans)}
            open={tab}
            onOpen={onTab}
          >
            <TabBody {...props} item={item} />
          </Tabs>
        </>
      )}
    </Read>
  );
}

type ItemProps = Omit<IItemViewProps, 'detail'> & { readonly item: HubDetail };

function TabBody({ item, tab, onVersion, started }: ItemProps): React.ReactElement {
  switch (tab) {
    case 'about':
      return <AboutTab item={item} />;
    case 'run':
      return <ItemRunTab key={item.version} item={item} started={started} />;
    case 'example':
      return <ReadCells key={item.version} cells={item.example} />;
    case 'source':
      return <ReadCells key={item.version} cells={item.notebook} />;
    case 'versions':
      return <VersionsTab key={item.version} item={item} onVersion={onVersion} />;
  }
}

function ItemRunTab({
  item,
  started
}: {
  readonly item: HubDetail;
  readonly started: IStarted;
}): React.ReactElement {
  const { api, trans } = useDesk();
  const { name, parameters, inputs, options, version } = item;
  return (
    <RunFormView
      of={{
        name,
        parameters,
        inputs,
        options,
        emptyInput: trans.__('a file below this folder, or an address'),
        start: (folder, body) => api.hub.start(folder, item, { ...body, version })
      }}
      started={started}
    >
      <Elsewhere
        command={item.command}
        call={`import mlrun_nb as mn\n\nrun = mn.get_function("${item.reference}").run()`}
      />
    </RunFormView>
  );
}

function ItemHead({ item, onTab, onVersion }: ItemProps): React.ReactElement {
  const { trans } = useDesk();
  const act = useAct();
  const { source, name, version, versions, summary } = item;
  const [newest = version] = versions;
  const isInstalled = item.installed === version;
  const insert = (kind: string): void => {
    act(CommandIDs.insertItem, { source, name, version, kind });
  };
  return (
    <div className="jp-mlrun-nb-Head">
      <div className="jp-mlrun-nb-Head-words">
        <extensionIcon.react tag="span" className="jp-mlrun-nb-Head-icon" />
        <h1 title={name}>{name}</h1>
        <Verified />
        {item.categories.map(each => (
          <span key={each} className="jp-mlrun-nb-Tag">
            {each}
          </span>
        ))}
        <p className="jp-mlrun-nb-Facts">
          <span>{version}</span>
          <span>{trans.__('from %1', source)}</span>
          {item.installed !== '' && <span>{trans.__('installed %1', item.installed)}</span>}
          {version !== newest && (
            <span>
              <button
                type="button"
                className="jp-mlrun-nb-Link"
                onClick={() => {
                  onVersion(newest);
                }}
              >
                {trans.__('%1 is newer', newest)}
              </button>
            </span>
          )}
        </p>
      </div>
      <div className="jp-mlrun-nb-Actions">
        <button
          type="button"
          className="jp-mlrun-nb-Button"
          title={
            isInstalled
              ? trans.__('The project uses no version of its own from then on')
              : trans.__('Writes into project.yaml that hub://%1 is this version', name)
          }
          onClick={() => {
            const command = isInstalled ? CommandIDs.uninstallItem : CommandIDs.installItem;
            act(command, { source, name, version });
          }}
        >
          {isInstalled ? trans.__('Uninstall') : trans.__('Install')}
        </button>
        <button
          type="button"
          className="jp-mlrun-nb-Button"
          title={trans.__('Its cells below the active one, to be changed')}
          onClick={() => {
            insert('source');
          }}
        >
          {trans.__('Insert source')}
        </button>
        <button
          type="button"
          className="jp-mlrun-nb-Button"
          onClick={() => {
            onTab('run');
          }}
        >
          {trans.__('Run with form')}
        </button>
        <button
          type="button"
          className="jp-mlrun-nb-Button jp-mod-primary"
          title={trans.__('A cell that runs it, below the active one')}
          onClick={() => {
            insert('use');
          }}
        >
          {trans.__('Insert into notebook')}
        </button>
      </div>
      <p className="jp-mlrun-nb-Head-description">
        <Prose text={summary} />
      </p>
    </div>
  );
}
