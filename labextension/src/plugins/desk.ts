import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Changes } from '../api/changes';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- others wait for what this provides
import { Api } from '../api/client';
import { IDesk } from '../desk';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- as above
import { Live } from '../kit/live';
import { Place } from '../place';

/** Provides what the views work with. */
export const desk: JupyterFrontEndPlugin<IDesk> = {
  id: 'mlrun-nb:desk',
  description: 'The way to the server of mlrun_nb, and what it says of changes.',
  autoStart: true,
  optional: [ITranslator],
  provides: IDesk,
  activate: (app: JupyterFrontEnd, translator: ITranslator | null): IDesk => {
    const api = new Api(app.serviceManager.serverSettings);
    const changes = new Changes(app.serviceManager.events);
    const place = new Place();
    app.serviceManager.connectionFailure.connect(() => {
      changes.announce();
    });
    const status = new Live({ changes, place }, (folder, signal) => api.status(folder, signal));
    void app.restored.then(() => {
      changes.start(); // nothing of ours is asked for while the page starts
    });
    const trans = (translator ?? nullTranslator).load('mlrun_nb');
    return { api, changes, place, status, trans, commands: app.commands };
  }
};
