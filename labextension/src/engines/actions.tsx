/** What can be done with Dask clusters: each is asked before, and says what came of it. */

import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { ClusterRow, Clusters } from '../api/types';
import type { IDesk } from '../desk';
import type { Live } from '../kit/live';
import { complain } from '../run/actions';
import { wouldForce } from './model';

/** Begins, scales and ends; `clusters` is read again after each. */
export class ClusterActions {
  constructor(
    private readonly _desk: IDesk,
    private readonly _clusters: Live<Clusters>
  ) {}

  /** Ask how large it is to be, and begin it. */
  async begin(): Promise<void> {
    await this._try(async () => {
      const { askBegin } = await import('./dialogs');
      await askBegin(this._desk);
    });
  }

  /** Ask for another number of workers; whether runs may fail by that is asked where the server refuses. */
  async scale(cluster: ClusterRow): Promise<void> {
    const { api, place, trans } = this._desk;
    const { folder } = place;
    await this._try(async () => {
      const { askScale } = await import('./dialogs');
      const refused = await askScale(this._desk, cluster);
      if (refused === undefined) {
        return;
      }
      const isSure = await this._isSure(
        trans.__('Have fewer workers all the same?'),
        refused.error,
        trans.__('Scale, runs fail')
      );
      if (isSure) {
        const { name, on } = cluster;
        await api.scaleCluster(folder, on, { name, workers: refused.workers, force: true });
      }
    });
  }

  /** Say what would fail, ask, and end it. */
  async end(cluster: ClusterRow): Promise<void> {
    const { trans } = this._desk;
    const { name, on, runs } = cluster;
    const answer = await showDialog({
      title: trans.__('End cluster %1?', name),
      body:
        runs === 0
          ? trans.__(
              'It has no runs. The next run on %1 starts another one where there is none.',
              on
            )
          : trans._n(
              'It has %1 run, which would fail with its worker.',
              'It has %1 runs, which would fail with their workers.',
              runs
            ),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.warnButton({ label: runs === 0 ? trans.__('End') : trans.__('End, runs fail') })
      ],
      defaultButton: 0
    });
    if (answer.button.accept) {
      await this._try(() => this._end(cluster, runs > 0));
    }
  }

  private async _end(cluster: ClusterRow, isForced: boolean): Promise<void> {
    const { api, place, trans } = this._desk;
    const { folder } = place;
    const { name, on } = cluster;
    try {
      await api.endCluster(folder, on, { name, force: isForced });
    } catch (error) {
      if (!wouldForce(error)) {
        throw error;
      }
      const title = trans.__('End cluster %1 all the same?', name);
      if (await this._isSure(title, error, trans.__('End, runs fail'))) {
        await api.endCluster(folder, on, { name, force: true });
      }
    }
  }

  /** The question that the command line answers by `--force`. */
  private async _isSure(title: string, error: unknown, label: string): Promise<boolean> {
    const { trans } = this._desk;
    const said = error instanceof Error ? error.message : String(error);
    const answer = await showDialog({
      title,
      body: trans.__('The server refuses: %1.', said),
      buttons: [Dialog.cancelButton({ label: trans.__('Cancel') }), Dialog.warnButton({ label })],
      defaultButton: 0
    });
    return answer.button.accept;
  }

  private async _try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      complain(error);
    } finally {
      this._clusters.refresh();
    }
  }
}
