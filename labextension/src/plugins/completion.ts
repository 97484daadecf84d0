import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICompletionProviderManager } from '@jupyterlab/completer';
import { IDesk } from '../desk';
// eslint-disable-next-line jupyter/prefer-lazy-imports -- the manager wants it at once; it reads nothing before Tab
import { OptionCompletions } from '../notebook/completion';

/** Completes options in function cells. */
export const completion: JupyterFrontEndPlugin<void> = {
  id: 'mlrun-nb:completion',
  description:
    'Offers options and their values on `%%mlrun` and `#| mlrun.` lines, with and without a kernel.',
  autoStart: true,
  requires: [IDesk, ICompletionProviderManager],
  activate: (_: JupyterFrontEnd, desk: IDesk, manager: ICompletionProviderManager): void => {
    manager.registerProvider(new OptionCompletions(desk));
  }
};
