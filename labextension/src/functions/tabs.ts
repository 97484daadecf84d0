/** The tabs of a function's page. A sweep over its parameters will be one more: a name here, a title, and its view. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { Tab } from '../kit/tabs';

const NAMES = ['run', 'versions', 'source'] as const;

/** By which a tab is known, also in a restored layout. */
export type FunctionTab = (typeof NAMES)[number];

export function isFunctionTab(name: string): name is FunctionTab {
  return NAMES.some(each => each === name);
}

/** All tabs. */
export function tabsOf(trans: TranslationBundle): readonly Tab<FunctionTab>[] {
  return [
    { id: 'run', title: trans.__('Run') },
    { id: 'versions', title: trans.__('Versions') },
    { id: 'source', title: trans.__('Source') }
  ];
}
