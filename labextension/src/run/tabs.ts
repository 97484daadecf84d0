/** The tabs of a run's page. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { RunDetail } from '../api/types';
import type { Tab } from '../kit/tabs';

const NAMES = [
  'overview',
  'children',
  'charts',
  'cells',
  'log',
  'metrics',
  'artifacts',
  'changed'
] as const;

/** By which a tab is known, also in a restored layout. */
export type RunTab = (typeof NAMES)[number];

export function isRunTab(name: string): name is RunTab {
  return NAMES.some(each => each === name);
}

/** All tabs, with what is in them: a page does not change its tabs while a run goes on. */
export function tabsOf(detail: RunDetail, trans: TranslationBundle): readonly Tab<RunTab>[] {
  if (detail.sweep !== null) {
    const children = Object.values(detail.sweep.counts).reduce((sum, number) => sum + number, 0);
    return [
      { id: 'overview', title: trans.__('Overview') },
      { id: 'children', title: trans.__('Children'), number: some(children) },
      { id: 'charts', title: trans.__('Charts') },
      { id: 'log', title: trans.__('Log') },
      { id: 'artifacts', title: trans.__('Artifacts'), number: some(detail.artifacts.length) }
    ]; // its cells, and what they logged, are those of its children
  }
  return [
    { id: 'overview', title: trans.__('Overview') },
    { id: 'cells', title: trans.__('Cells') },
    { id: 'log', title: trans.__('Log') },
    { id: 'metrics', title: trans.__('Metrics'), number: some(detail.metrics.length) },
    { id: 'artifacts', title: trans.__('Artifacts'), number: some(detail.artifacts.length) },
    { id: 'changed', title: trans.__('What changed') }
  ];
}

function some(number: number): number | undefined {
  return number > 0 ? number : undefined;
}
