import type { Field, Options } from '../../api/types';
import { formSections } from '../sections';

function field(name: string, section: string): Field {
  return { name, section, kind: 'text', help: '', example: '', choices: [] };
}

const OPTIONS: Options = {
  sections: [
    { name: 'run', title: 'This run', fields: [field('on', 'run'), field('dry-run', 'run')] },
    {
      name: 'resources',
      title: 'Resources',
      fields: [field('memory', 'resources'), field('cpu', 'resources'), field('new', 'resources')]
    }
  ],
  targets: ['local'],
  startable: ['local'],
  schema: {},
  version: 1
};

describe('formSections', () => {
  it('shows first what most ask for, in its order', () => {
    expect(formSections(OPTIONS).first.map(({ name }) => name)).toEqual(['on', 'cpu', 'memory']);
  });

  it('keeps the rest under its headings, and leaves empty ones out', () => {
    const { rest } = formSections(OPTIONS);
    expect(rest.map(({ name, fields }) => [name, fields.map(each => each.name)])).toEqual([
      ['resources', ['new']]
    ]);
  });
});
