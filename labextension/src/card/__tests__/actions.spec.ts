import type { TranslationBundle } from '@jupyterlab/translation';
import type { Card, Remedy } from '../../api/types';
import { CommandIDs } from '../../commandIds';
import { actionsOf } from '../actions';

const trans = { __: (text: string) => text } as TranslationBundle;
const card: Card = {
  id: '4k7q2mz0hp3e',
  state: 'running',
  cancelling: false,
  has_best: false,
  html: '',
  text: ''
};

function labels(changed: Partial<Card>, remedy: Remedy | null = null): readonly string[] {
  return actionsOf({ ...card, ...changed }, remedy, 'work', trans).map(({ label }) => label);
}

describe('actionsOf', () => {
  it('cancels what goes on', () => {
    expect(labels({})).toEqual(['Cancel', 'Open']);
    expect(labels({ state: 'pending' })).toEqual(['Cancel', 'Open']);
  });

  it('cancels once', () => {
    const [cancel] = actionsOf({ ...card, cancelling: true }, null, 'work', trans);
    expect(cancel).toMatchObject({ label: 'Cancelling…', isEnabled: false });
  });

  it('runs again what has ended', () => {
    expect(labels({ state: 'succeeded' })).toEqual(['Rerun', 'Open notebook', 'Compare', 'Open']);
  });

  it('sweeps again around the best child of a sweep that has one', () => {
    expect(labels({ state: 'succeeded', has_best: true })).toContain('Sweep around the best…');
    expect(labels({ state: 'running', has_best: true })).toEqual(['Cancel', 'Open']);
  });

  it('offers a remedy first', () => {
    const remedy = { text: 'rerun with 8Gi', options: { memory: '8Gi' } };
    const [first] = actionsOf({ ...card, state: 'failed' }, remedy, 'work', trans);
    expect(first).toEqual({
      command: CommandIDs.rerun,
      args: { run: card.id, folder: 'work', options: { memory: '8Gi' } },
      label: 'Rerun with 8Gi'
    });
  });

  it('offers no remedy that is only another run', () => {
    const remedy = { text: 'run the same version again', options: {} };
    expect(labels({ state: 'failed' }, remedy)[0]).toBe('Rerun');
  });
});
