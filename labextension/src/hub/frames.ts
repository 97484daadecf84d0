/** The tables that a notebook's kernel has. */

import type { ISessionContext } from '@jupyterlab/apputils';

/** A kernel at work answers when it is done; so long is waited for it, and then it is as if there were none. */
const PATIENCE_MS = 2000;

/** Names of tables in the user's own namespace; nothing of them is read, and nothing is imported for it. */
const ASK =
  "','.join(n for n, v in list(globals().items()) if not n.startswith('_')" +
  " and (type(v).__module__.split('.')[0], type(v).__name__) in" +
  " (('pandas', 'DataFrame'), ('polars', 'DataFrame'), ('pyarrow', 'Table'), ('geopandas', 'GeoDataFrame')))";

/** Their names; none where no kernel runs, it is no Python, or it is busy. */
export async function framesOf({ session }: ISessionContext): Promise<readonly string[]> {
  const kernel = session?.kernel;
  if (!kernel) {
    return [];
  }
  const asked = kernel.requestExecute({
    code: '',
    silent: true,
    store_history: false,
    user_expressions: { frames: ASK }
  });
  const late = new Promise<undefined>(done => setTimeout(done, PATIENCE_MS, undefined));
  const answered = await Promise.race([asked.done, late]);
  if (answered === undefined) {
    asked.dispose();
    return [];
  }
  return namesIn(answered.content);
}

/** What the expression came to: the text of a Python string of names, which needs no escapes. */
export function namesIn(content: object): readonly string[] {
  const { user_expressions: found } = content as { readonly user_expressions?: unknown };
  const text = (found as { frames?: { data?: Record<string, unknown> } } | undefined)?.frames
    ?.data?.['text/plain'];
  return typeof text === 'string' ? text.slice(1, -1).split(',').filter(Boolean) : [];
}
