import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { IDesk } from '../desk';
import { ExecutedDrive } from '../executed/drive';
import { DRIVE } from '../executed/path';

/** Makes executed notebooks files that JupyterLab opens: read-only, untrusted, without a kernel. */
export const executed: JupyterFrontEndPlugin<void> = {
  id: 'mlrun-nb:executed',
  description: 'Opens the executed notebook of a run, to be read only.',
  autoStart: true,
  requires: [IDesk],
  activate: (app: JupyterFrontEnd, desk: IDesk): void => {
    const { contents, serverSettings } = app.serviceManager;
    contents.addDrive(new ExecutedDrive(desk.api, serverSettings));
    // Also where a layout is restored, which knows of no preference.
    app.docRegistry.addWidgetExtension('Notebook', {
      createNew: (_, context: DocumentRegistry.Context) => {
        if (contents.driveName(context.path) === DRIVE) {
          context.sessionContext.kernelPreference = NO_KERNEL;
        }
      }
    });
  }
};

/** No kernel, and none to be asked for. */
export const NO_KERNEL = {
  shouldStart: false,
  canStart: false,
  autoStartDefault: false,
  shutdownOnDispose: false
};
