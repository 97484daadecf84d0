import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { addCards } from '../card/renderer';
import { IDesk } from '../desk';

/** Makes the cards of runs live in notebooks. */
export const card: JupyterFrontEndPlugin<void> = {
  id: 'mlrun-nb:card',
  description: 'Keeps the card of a run current, and gives it buttons.',
  autoStart: true,
  requires: [IDesk, IRenderMimeRegistry],
  activate: (_: JupyterFrontEnd, desk: IDesk, rendermime: IRenderMimeRegistry): void => {
    addCards(rendermime, desk);
  }
};
