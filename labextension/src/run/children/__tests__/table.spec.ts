import type { Children } from '../../../api/types';
import { ChildrenTable } from '../table';

type Part = Partial<Children> & Pick<Children, 'ids'>;

function partOf(part: Part): Children {
  return {
    numbers: part.ids.map((_, index) => index),
    states: part.ids.map(() => 'succeeded' as const),
    durations: part.ids.map(() => 1),
    parameters: [],
    results: [],
    reasons: {},
    cursor: null,
    settled: null,
    ...part
  };
}

/** A server that answers with `parts` by cursor, and notes what was asked. */
function served(parts: Readonly<Record<string, Part>>): {
  readonly ask: (cursor: string | null) => Promise<Children>;
  readonly asked: (string | null)[];
} {
  const asked: (string | null)[] = [];
  return {
    asked,
    ask: cursor => {
      asked.push(cursor);
      return Promise.resolve(partOf(parts[cursor ?? ''] ?? { ids: [] }));
    }
  };
}

describe('the table of children', () => {
  it('is read part by part', async () => {
    const table = new ChildrenTable();
    const { ask, asked } = served({
      '': { ids: ['a', 'b'], cursor: '2', settled: '2' },
      '2': { ids: ['c'], settled: '3' }
    });
    await table.read(ask);
    expect(table.rows.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(asked).toEqual([null, '2']);
  });

  it('is read again only from the first child on that had not ended', async () => {
    const table = new ChildrenTable();
    const first = served({
      '': { ids: ['a', 'b'], cursor: '2', settled: '1', states: ['succeeded', 'running'] },
      '2': { ids: ['c'], settled: '3' }
    });
    await table.read(first.ask);
    const second = served({ '1': { ids: ['b', 'c', 'd'], settled: '4' } });
    await table.read(second.ask);
    expect(second.asked).toEqual(['1']);
    expect(table.rows.map(({ id, state }) => [id, state])).toEqual([
      ['a', 'succeeded'],
      ['b', 'succeeded'],
      ['c', 'succeeded'],
      ['d', 'succeeded']
    ]);
    const third = served({});
    await table.read(third.ask);
    expect(third.asked).toEqual(['4']);
  });

  it('is read from its beginning again when it is not to be trusted', async () => {
    const table = new ChildrenTable();
    await table.read(served({ '': { ids: ['a'], states: ['failed'], settled: '1' } }).ask);
    table.distrust();
    const resumed = served({ '': { ids: ['a', 'b'], states: ['running', 'running'] } });
    await table.read(resumed.ask);
    expect(resumed.asked).toEqual([null]);
    expect(table.rows.map(({ state }) => state)).toEqual(['running', 'running']);
  });

  it('has another version only when there is something new', async () => {
    const table = new ChildrenTable();
    const { ask } = served({ '': { ids: ['a'], states: ['running'] } });
    expect(table.version).toBe(0);
    await table.read(ask);
    await table.read(ask);
    expect(table.version).toBe(1);
    await table.read(served({ '': { ids: ['a'] } }).ask);
    expect(table.version).toBe(2);
  });

  it('has a column for each parameter that tells children apart, and for each result', async () => {
    const table = new ChildrenTable();
    await table.read(
      served({
        '': {
          ids: ['a', 'b'],
          cursor: '2',
          parameters: [
            { name: 'epochs', values: [10] },
            { name: 'lr', values: [0.1, 0.2] },
            { name: 'kind', values: ['adam'] }
          ],
          results: [{ name: 'loss', values: [1, null] }]
        },
        '2': {
          ids: ['c'],
          parameters: [
            { name: 'epochs', values: [10] },
            { name: 'lr', values: [0.3] },
            { name: 'kind', values: ['sgd'] }
          ],
          results: [{ name: 'accuracy', values: [0.9] }]
        }
      }).ask
    );
    expect(table.parameters).toEqual(['lr', 'kind']);
    expect(table.results).toEqual(['loss', 'accuracy']);
    expect(table.rows.map(row => row.parameters.epochs)).toEqual([10, 10, 10]);
    expect(table.rows.map(row => row.results.loss ?? null)).toEqual([1, null, null]);
  });
});
