/** What every view works with. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { Token } from '@lumino/coreutils';
import type { CommandRegistry } from '@lumino/commands';
import type { Api } from './api/client';
import type { Changes } from './api/changes';
import type { Status } from './api/types';
import type { Live } from './kit/live';
import type { Place } from './place';

/** The server, its changes, the place, commands and words. */
export interface IDesk {
  readonly api: Api;
  readonly changes: Changes;
  readonly place: Place;
  /** The server, the project in force, and the numbers of its runs. */
  readonly status: Live<Status>;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

export const IDesk = new Token<IDesk>(
  'mlrun-nb:IDesk',
  'What the views of mlrun_nb work with: the server, its changes, the place, commands and words.'
);
