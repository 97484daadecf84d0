/** What is typed in a shell to do what a dialog does. */

/** The `command` with the space behind it, on one line, quoted for a shell; and how many children at most. */
export function commandOf(command: string, space: string, most: string): string {
  const line = space
    .trim()
    .split(/\s*\n\s*/)
    .join(' ');
  const quoted = `'${line.replaceAll("'", "'\\''")}'`;
  return `${command} ${quoted}${most === '' ? '' : ` --max-runs ${most}`}`;
}
