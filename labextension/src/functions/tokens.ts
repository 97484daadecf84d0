/** What the page of a function works with besides the desk. */

import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { IStarted } from '../run/tokens';

/** Given by the host. */
export interface IFunctionTools {
  readonly started: IStarted;
  /** Null where code is shown without colours. */
  readonly languages: IEditorLanguageRegistry | null;
}
