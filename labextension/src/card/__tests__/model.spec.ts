import { runIdOf, wentOn } from '../model';

describe('runIdOf', () => {
  it('takes an id', () => {
    expect(runIdOf({ id: '4k7q2mz0hp3e', html: '<script>' })).toBe('4k7q2mz0hp3e');
  });

  it.each([
    [undefined],
    [null],
    ['4k7q2mz0hp3e'],
    [{}],
    [{ id: 7 }],
    [{ id: '../../api/shutdown' }],
    [{ id: '4k7q2mz0hp3e/../x' }],
    [{ id: '4k7q2mz0hp3' }],
    [{ id: '4k7q2mz0hp3e\n' }],
    [{ id: '4K7Q2MZ0HP3E' }],
    [{ id: '4k7q2mz0hpil' }],
    [[{ id: '4k7q2mz0hp3e' }]]
  ])('takes nothing from %j', data => {
    expect(runIdOf(data)).toBeUndefined();
  });
});

describe('wentOn', () => {
  it.each([
    [{ state: 'running' }, true],
    [{ state: 'pending' }, true],
    [{ state: 'failed' }, false],
    [{ state: ['running'] }, false],
    [{}, false],
    [null, false]
  ])('of %j is %s', (data, is) => {
    expect(wentOn(data)).toBe(is);
  });
});
