/** Under which paths executed notebooks are read. */

/** The drive's name, before the colon. */
export const DRIVE = 'mlrun-nb';

/** The path of the executed notebook of a run of `folder`'s project. */
export function executedPath(folder: string, run: string, name: string): string {
  return `${DRIVE}:${[folder, run, name].filter(part => part !== '').join('/')}`;
}

/** The folder and the run of a path on the drive; undefined where it is no path of a notebook. */
export function placeOf(
  localPath: string
): { readonly folder: string; readonly run: string } | undefined {
  const parts = localPath.split('/').filter(part => part !== '');
  const run = parts.at(-2);
  return run === undefined ? undefined : { folder: parts.slice(0, -2).join('/'), run };
}
