/** Items that a project uses, in a version that it has locked. */

import { Notification } from '@jupyterlab/apputils';
import type { IItem } from '../api/hub';
import type { IDesk } from '../desk';
import { complain } from '../run/actions';

const SAID_MS = 6000;
const MISSING_MS = 15_000;

/** Lock a version, and say what it needs that is not there. */
export async function installItem(desk: IDesk, folder: string, item: IItem): Promise<void> {
  const { api, trans } = desk;
  await tried(desk, async () => {
    const { name, version, missing } = await api.hub.install(folder, item);
    if (missing.length === 0) {
      Notification.success(trans.__('This project uses %1 %2.', name, version), {
        autoClose: SAID_MS
      });
      return;
    }
    const text = trans.__(
      'This project uses %1 %2. It needs what is not installed here: %3',
      name,
      version,
      missing.join(', ')
    );
    Notification.warning(text, { autoClose: MISSING_MS });
  });
}

/** Take the lock away. */
export async function uninstallItem(desk: IDesk, folder: string, item: IItem): Promise<void> {
  const { api, trans } = desk;
  await tried(desk, async () => {
    await api.hub.uninstall(folder, item);
    const words = trans.__('This project has no version of %1 of its own.', item.name);
    Notification.success(words, { autoClose: SAID_MS });
  });
}

async function tried(desk: IDesk, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    complain(error);
  }
  desk.changes.announce();
}
