/** Which of two versions is the newer one. */

/** Whether `one` comes after `other`; both are three numbers. */
export function isNewer(one: string, other: string): boolean {
  const [left, right] = [one, other].map(each => each.split('.').map(Number));
  const at = (left ?? []).findIndex((part, index) => part !== right?.[index]);
  return at >= 0 && (left?.[at] ?? 0) > (right?.[at] ?? 0);
}
