/** Tabs: one of several views of the same thing. */

import * as React from 'react';

/** A tab: how it is called, and how many things are in it where that is worth knowing. */
export type Tab<T extends string> = {
  readonly id: T;
  readonly title: string;
  readonly number?: number | undefined;
};

/** Which there are and which is open. */
export interface ITabsProps<T extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<T>[];
  readonly open: T;
  readonly onOpen: (tab: T) => void;
  readonly children: React.ReactNode;
}

/** The row of tabs is one stop of the Tab key, arrows move in it; below it stands the open view. */
export function Tabs<T extends string>(props: ITabsProps<T>): React.ReactElement {
  const { label, tabs, open, onOpen, children } = props;
  const id = React.useId();
  const list = React.useRef<HTMLDivElement>(null);
  const onKey = (event: React.KeyboardEvent): void => {
    const at = tabs.findIndex(tab => tab.id === open);
    const next = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: tabs.length - 1
    }[event.key];
    const tab = next === undefined ? undefined : tabs[(next + tabs.length) % tabs.length];
    if (tab) {
      event.preventDefault();
      onOpen(tab.id);
      list.current?.querySelector<HTMLElement>(`[data-tab="${tab.id}"]`)?.focus();
    }
  };
  return (
    <>
      <div
        ref={list}
        className="jp-mlrun-nb-Tabs"
        role="tablist"
        aria-label={label}
        onKeyDown={onKey}
      >
        {tabs.map(tab => (
          <button
            key={tab.id}
            id={`${id}-${tab.id}`}
            data-tab={tab.id}
            type="button"
            role="tab"
            aria-selected={tab.id === open}
            aria-controls={tab.id === open ? `${id}-panel` : undefined}
            tabIndex={tab.id === open ? 0 : -1}
            onClick={() => {
              onOpen(tab.id);
            }}
          >
            {tab.title}
            {tab.number !== undefined && <span> {tab.number}</span>}
          </button>
        ))}
      </div>
      <div
        key={open}
        id={`${id}-panel`}
        className={`jp-mlrun-nb-TabPanel jp-mod-${open}`}
        role="tabpanel"
        tabIndex={0}
        aria-labelledby={`${id}-${open}`}
      >
        {children}
      </div>
    </>
  );
}
