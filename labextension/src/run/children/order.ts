/** In which order children stand, and which of them. */

import type { State } from '../../kit/state';
import type { Cell, Child } from './table';

/** What a column shows of a child. */
export type Field =
  | { readonly of: 'number' | 'state' | 'duration' }
  | { readonly of: 'parameters' | 'results'; readonly name: string };

/** By which column, and whether the largest comes first. */
export type Order = { readonly field: Field; readonly isDown: boolean };

/** What makes one child of a sweep better than another; an empty result where nothing does. */
export type Goal = { readonly result: string; readonly direction: string };

/** The order of a sweep: the best first where one is better than another, else by number. */
export function usualOrder({ result, direction }: Goal): Order {
  return result === ''
    ? { field: { of: 'number' }, isDown: false }
    : { field: { of: 'results', name: result }, isDown: direction === 'max' };
}

/** The order after a click on a column: the other way round, or at first as its values are usually read. */
export function nextOrder(order: Order, field: Field, goal: Goal): Order {
  if (isSame(order.field, field)) {
    return { field, isDown: !order.isDown };
  }
  const usual = usualOrder(goal);
  return isSame(usual.field, field) ? usual : { field, isDown: false };
}

/** Whether both are the same column. */
export function isSame(one: Field, other: Field): boolean {
  return keyOf(one) === keyOf(other);
}

export function keyOf(field: Field): string {
  return 'name' in field ? `${field.of} ${field.name}` : field.of;
}

/** What a child has in a column. */
export function cellOf(child: Child, field: Field): Cell {
  return 'name' in field ? (child[field.of][field.name] ?? null) : child[field.of];
}

/** The children that are in one of `states`, all where it is empty, in `order`; those without a value come last. */
export function ordered(
  children: readonly Child[],
  order: Order,
  states: ReadonlySet<State>
): readonly Child[] {
  const shown = states.size === 0 ? children : children.filter(({ state }) => states.has(state));
  const keyed = shown.map(child => ({ child, key: sortKey(cellOf(child, order.field)) }));
  const sign = order.isDown ? -1 : 1;
  keyed.sort(({ key: one, child }, { key: other, child: another }) => {
    const isMissing = Number(one === null) - Number(other === null);
    const byValue = one === null || other === null ? 0 : sign * compared(one, other);
    return isMissing || byValue || (child.number ?? 0) - (another.number ?? 0);
  });
  return keyed.map(({ child }) => child);
}

/** Numbers are numbers, also those that travel as texts; NaN is no value. */
function sortKey(cell: Cell): number | string | null {
  switch (cell) {
    case 'Infinity':
      return Infinity;
    case '-Infinity':
      return -Infinity;
    case 'NaN':
      return null;
    default:
      return typeof cell === 'boolean' ? Number(cell) : cell;
  }
}

/** Numbers come before texts. */
function compared(one: number | string, other: number | string): number {
  if (typeof one !== typeof other) {
    return typeof one === 'number' ? -1 : 1;
  }
  return one < other ? -1 : one > other ? 1 : 0;
}
