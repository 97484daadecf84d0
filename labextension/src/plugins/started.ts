import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IDesk } from '../desk';
import type { Tell } from '../run/started';
import { IRunPages, IStarted } from '../run/tokens';

const ID = 'mlrun-nb:started';

/** Says when a run that was started from here has ended. */
export const started: JupyterFrontEndPlugin<IStarted> = {
  id: ID,
  description: 'A toast when a run that was started from this page has ended.',
  autoStart: true,
  requires: [IDesk, IRunPages],
  optional: [ISettingRegistry],
  provides: IStarted,
  activate: (
    _: JupyterFrontEnd,
    desk: IDesk,
    pages: IRunPages,
    registry: ISettingRegistry | null
  ): IStarted => {
    const settings = registry?.load(ID);
    const isInFront = (run: string): boolean =>
      document.visibilityState === 'visible' &&
      pages.find(({ content }) => content.run === run && content.isVisible) !== undefined;
    const loaded = async () => {
      const { Started } = await import('../run/started');
      const read = await settings?.catch(() => undefined);
      return new Started(desk, isInFront, () => tellOf(read?.composite.tell));
    };
    let watching: ReturnType<typeof loaded> | undefined;
    return {
      add: (folder, run) => {
        watching ??= loaded();
        void watching.then(each => {
          each.add(folder, run);
        });
      }
    };
  }
};

function tellOf(value: unknown): Tell {
  return value === 'failures' || value === 'none' ? value : 'all';
}
