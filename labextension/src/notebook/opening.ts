/** Opening a notebook of which a record tells: it may have been renamed or deleted since. */

import type { IDocumentManager } from '@jupyterlab/docmanager';
import { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';
import { ApiError } from '../api/problem';

/** Bring a notebook to the front; fails with what to do where it is not there any more. */
export async function openNotebook(
  documents: IDocumentManager,
  path: string,
  trans: TranslationBundle
): Promise<Widget | undefined> {
  if (documents.findWidget(path) === undefined) {
    await assertThere(documents, path, trans);
  }
  return documents.openOrReveal(path);
}

async function assertThere(
  { services: { contents } }: IDocumentManager,
  path: string,
  trans: TranslationBundle
): Promise<void> {
  try {
    await contents.get(path, { content: false });
  } catch (error) {
    if (error instanceof ServerConnection.ResponseError && error.response.status === 404) {
      throw new ApiError(
        trans.__('%1 is not there any more', path),
        // A toast shows no more words than these.
        trans.__('It was renamed or deleted: open it under its new name in the file browser.'),
        404
      );
    }
    throw error;
  }
}
