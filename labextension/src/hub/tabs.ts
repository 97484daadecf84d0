/** The tabs of an item's page. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { HubDetail } from '../api/types';
import type { Tab } from '../kit/tabs';

const NAMES = ['about', 'run', 'example', 'source', 'versions'] as const;

/** By which a tab is known, also in a restored layout. */
export type ItemTab = (typeof NAMES)[number];

export function isItemTab(name: string): name is ItemTab {
  return NAMES.some(each => each === name);
}

/** All tabs; an item without an example has none for it. */
export function tabsOf(item: HubDetail, trans: TranslationBundle): readonly Tab<ItemTab>[] {
  return [
    { id: 'about', title: trans.__('About') },
    { id: 'run', title: trans.__('Run') },
    ...(item.example.length > 0 ? [{ id: 'example' as const, title: trans.__('Example') }] : []),
    { id: 'source', title: trans.__('Source') },
    { id: 'versions', title: trans.__('Versions'), number: item.versions.length }
  ];
}
