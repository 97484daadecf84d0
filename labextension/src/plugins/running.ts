import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IRunningSessionManagers, type IRunningSessions } from '@jupyterlab/running';
import type { RunPage, RunRow } from '../api/types';
import { CommandIDs } from '../commandIds';
import { IDesk } from '../desk';
import { panelIcon } from '../icons';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- the panel wants its signal at once; it reads when that opens
import { Live } from '../kit/live';

/** Lists open runs among what is running in this Jupyter. */
export const running: JupyterFrontEndPlugin<void> = {
  id: 'mlrun-nb:running',
  description: 'Open runs in the panel of running terminals and kernels.',
  autoStart: true,
  requires: [IDesk],
  optional: [IRunningSessionManagers], // Jupyter Notebook has them in its tree only
  activate: (_: JupyterFrontEnd, desk: IDesk, managers: IRunningSessionManagers | null): void => {
    if (managers === null) {
      return;
    }
    const { api, commands, trans } = desk;
    const open = new Live<RunPage>(desk, (folder, signal) =>
      api.runs(folder, { q: 'state:running,pending', limit: 100 }, signal)
    );
    const cancel = (run: RunRow): void => {
      void commands.execute(CommandIDs.cancelRun, { run: run.id });
    };
    let isAsked = false;
    managers.add({
      name: trans.__('Runs'),
      running: () => (open.value?.items ?? []).map(run => itemOf(run, desk, cancel)),
      runningChanged: open.changed,
      refreshRunning: () => {
        if (!isAsked) {
          isAsked = true;
          open.hold(); // whoever has opened that panel once wants it current
        }
        open.refresh();
      },
      shutdownAll: () => {
        open.value?.items.forEach(cancel);
      },
      shutdownLabel: trans.__('Cancel'),
      shutdownAllLabel: trans.__('Cancel All'),
      shutdownAllConfirmationText: trans.__('Cancel all open runs of this project?')
    });
  }
};

function itemOf(
  run: RunRow,
  { commands, trans }: IDesk,
  cancel: (run: RunRow) => void
): IRunningSessions.IRunningItem {
  return {
    open: () => void commands.execute(CommandIDs.openRun, { run: run.id }),
    shutdown: () => {
      cancel(run);
    },
    icon: () => panelIcon,
    label: () => run.function,
    labelTitle: () => trans.__('%1, run %2, on %3', run.function, run.id.slice(0, 6), run.engine),
    detail: () => run.reason
  };
}
