import type { RunRow } from '../../api/types';
import { linesOf, merged } from '../grouping';

function run(id: string, created = '2026-11-26T10:00:00Z'): RunRow {
  return { id, created } as RunRow;
}

const runs = ['e', 'd', 'c', 'b', 'a'].map(id => run(id));

describe('runs by day', () => {
  it('has a line with the name of each day before its first run', () => {
    const lines = linesOf(
      [run('b', '2026-11-26T10:00:00Z'), run('a', '2026-11-25T10:00:00Z')],
      created => `day ${created.getUTCDate()}`
    );
    expect(lines.map(line => (line.kind === 'day' ? line.name : line.run.id))).toEqual([
      'day 26',
      'b',
      'day 25',
      'a'
    ]);
  });
});

describe('a list whose beginning was read again', () => {
  it('takes new runs and keeps the older ones', () => {
    const fresh = [run('f'), run('e'), run('d')];
    expect(
      merged(runs, fresh, false)
        .map(({ id }) => id)
        .join('')
    ).toBe('fedcba');
  });

  it('forgets a run that is gone', () => {
    const fresh = [run('e'), run('c'), run('b')];
    expect(
      merged(runs, fresh, false)
        .map(({ id }) => id)
        .join('')
    ).toBe('ecba');
  });

  it('takes the whole list where nothing follows', () => {
    expect(merged(runs, [run('e')], true)).toEqual([run('e')]);
    expect(merged(runs, [], false)).toEqual([]);
  });

  it('starts anew where all that was known has moved out of reach', () => {
    expect(
      merged(runs, [run('h'), run('g')], false)
        .map(({ id }) => id)
        .join('')
    ).toBe('hg');
  });
});
