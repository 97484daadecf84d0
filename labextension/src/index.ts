/** Functions and runs of mlrun_nb in JupyterLab: what the host loads. */

import { actions } from './plugins/actions';
import { card } from './plugins/card';
import { cells } from './plugins/cells';
import { comparePage } from './plugins/comparePage';
import { completion } from './plugins/completion';
import { desk } from './plugins/desk';
import { executed } from './plugins/executed';
import { functionPage } from './plugins/functionPage';
import { hubPage } from './plugins/hub';
import { insert } from './plugins/insert';
import { install } from './plugins/install';
import { notebook } from './plugins/notebook';
import { panel } from './plugins/panel';
import { runPage } from './plugins/runPage';
import { running } from './plugins/running';
import { started } from './plugins/started';
import { statusBar } from './plugins/statusBar';

export default [
  desk,
  notebook,
  panel,
  running,
  statusBar,
  runPage,
  comparePage,
  functionPage,
  hubPage,
  insert,
  install,
  actions,
  executed,
  started,
  card,
  cells,
  completion
];
