/** By what other plugins find the pages of runs. */

import type { IWidgetTracker, MainAreaWidget } from '@jupyterlab/apputils';
import { Token } from '@lumino/coreutils';
import type { RunRow } from '../api/types';
import type { RunPage } from './page';

/** The open pages of runs. */
export type IRunPages = IWidgetTracker<MainAreaWidget<RunPage>>;

export const IRunPages = new Token<IRunPages>(
  'mlrun-nb:IRunPages',
  'The pages of runs that are open.'
);

/** Hears of runs that were started from here, and says when they end. */
export interface IStarted {
  /** Watch a run of the project of `folder`. */
  add(folder: string, run: RunRow): void;
}

export const IStarted = new Token<IStarted>(
  'mlrun-nb:IStarted',
  'Says when a run that was started from this page has ended.'
);
