/** What the pages of a hub work with besides the desk. */

import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IStarted } from '../run/tokens';

/** Given by the host. */
export interface IHubTools {
  readonly started: IStarted;
  readonly rendermime: IRenderMimeRegistry;
  /** Null where code is shown without colours. */
  readonly languages: IEditorLanguageRegistry | null;
}
