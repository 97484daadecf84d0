import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { IDesk } from '../desk';

/** Adds the numbers of open and failed runs to the status bar. */
export const statusBar: JupyterFrontEndPlugin<void> = {
  id: 'mlrun-nb:status-bar',
  description: 'The numbers of running and failed runs, in the status bar.',
  autoStart: true,
  requires: [IDesk],
  optional: [IStatusBar], // Jupyter Notebook has none beside a notebook
  activate: (app: JupyterFrontEnd, desk: IDesk, bar: IStatusBar | null): void => {
    if (bar === null) {
      return;
    }
    void app.restored.then(async () => {
      const { RunCounts } = await import('../status/item');
      bar.registerStatusItem('mlrun-nb:runs', {
        align: 'left',
        rank: 90,
        item: new RunCounts(desk)
      });
    });
  }
};
