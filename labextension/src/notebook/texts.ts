/** The texts of a notebook's cells, and where the notebook is. */

import { PathExt } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { CellText } from '../api/types';

const MAGIC = /^\s*%%mlrun\b/;

/** Whether the text of a code cell makes it a function. */
export function isFunctionText(source: string): boolean {
  return MAGIC.test(source);
}

/** The folder of a notebook, as Jupyter's contents name it; a drive's name is not part of it. */
export function folderOf(path: string): string {
  const local = path.slice(path.indexOf(':') + 1);
  return PathExt.dirname(local);
}

/** The text of every cell of a notebook, in its order. */
export function textsOf(panel: NotebookPanel | null): readonly CellText[] {
  const cells = panel?.model?.cells;
  return Array.from(cells ?? [], (cell, index) => ({
    index,
    id: cell.id,
    source: cell.sharedModel.getSource(),
    kind: cell.type === 'markdown' || cell.type === 'raw' ? cell.type : 'code',
    tags: tagsOf(cell.getMetadata('tags'))
  }));
}

/** Tags as a document has them, where they are what they should be. */
function tagsOf(tags: unknown): readonly string[] {
  return Array.isArray(tags) ? tags.filter(tag => typeof tag === 'string') : [];
}

/** Those of its functions. */
export function functionTexts(panel: NotebookPanel | null): readonly CellText[] {
  return textsOf(panel).filter(({ kind, source }) => kind === 'code' && isFunctionText(source));
}
