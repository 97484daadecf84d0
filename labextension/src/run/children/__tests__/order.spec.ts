import type { State } from '../../../kit/state';
import { nextOrder, ordered, usualOrder, type Field } from '../order';
import type { Cell, Child } from '../table';

const GOAL = { result: 'accuracy', direction: 'max' };
const ACCURACY: Field = { of: 'results', name: 'accuracy' };

function children(...values: readonly Cell[]): readonly Child[] {
  return values.map((value, number) => ({
    id: String(number),
    number,
    state: value === null ? 'failed' : 'succeeded',
    duration: null,
    reason: '',
    parameters: {},
    results: { accuracy: value }
  }));
}

function numbers(
  values: readonly Cell[],
  isDown: boolean,
  states: readonly State[] = []
): readonly (number | null)[] {
  const order = { field: ACCURACY, isDown };
  return ordered(children(...values), order, new Set(states)).map(({ number }) => number);
}

describe('the order of children', () => {
  it('is the best first, whichever way that is', () => {
    expect(usualOrder(GOAL)).toEqual({ field: ACCURACY, isDown: true });
    expect(usualOrder({ ...GOAL, direction: 'min' }).isDown).toBe(false);
    expect(usualOrder({ result: '', direction: '' }).field).toEqual({ of: 'number' });
  });

  it('has those without a value last in both directions', () => {
    const values = [0.5, null, 0.9, 'NaN', 0.7];
    expect(numbers(values, true)).toEqual([2, 4, 0, 1, 3]);
    expect(numbers(values, false)).toEqual([0, 4, 2, 1, 3]);
  });

  it('takes infinities for numbers and has numbers before texts', () => {
    expect(numbers(['b', 'Infinity', 1, '-Infinity', 'a', true], false)).toEqual([
      3, 2, 5, 1, 4, 0
    ]);
  });

  it('is by number among equals', () => {
    expect(numbers([1, 1, 1], true)).toEqual([0, 1, 2]);
  });

  it('may leave states out', () => {
    expect(numbers([0.5, null, 0.9], true, ['failed'])).toEqual([1]);
  });

  it('turns round at a second click, and begins as values are usually read', () => {
    const byNumber = nextOrder(usualOrder(GOAL), { of: 'number' }, GOAL);
    expect(byNumber).toEqual({ field: { of: 'number' }, isDown: false });
    expect(nextOrder(byNumber, { of: 'number' }, GOAL).isDown).toBe(true);
    expect(nextOrder(byNumber, ACCURACY, GOAL)).toEqual(usualOrder(GOAL));
  });
});
