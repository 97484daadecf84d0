import type { Field, Options } from '../../api/types';
import { offersAt } from '../offers';

function field(name: string, kind = 'text', choices: readonly string[] = []): Field {
  return { name, kind, choices, section: 'x', help: `about ${name}`, example: '' };
}

const OPTIONS: Options = {
  sections: [
    {
      name: 'x',
      title: 'X',
      fields: [
        field('on'),
        field('memory'),
        field('memory-limit'),
        field('detach', 'flag'),
        field('capacity', 'text', ['spot', 'any'])
      ]
    }
  ],
  targets: ['local', 'gpu'],
  startable: ['local'],
  schema: {},
  version: 1
};

/** What is offered at the bar in a text. */
function offered(marked: string): readonly string[] | undefined {
  const offset = marked.indexOf('|>');
  const text = marked.replace('|>', '');
  return offersAt(text, offset, OPTIONS)?.items.map(each => each.text);
}

describe('offersAt', () => {
  it.each([
    ['%%mlrun f --mem|>', ['--memory', '--memory-limit']],
    ['%%mlrun f --detach --mem|>', ['--memory', '--memory-limit']],
    ['%%mlrun f --on |>', ['local', 'gpu']],
    ['%%mlrun f --on l|>\nx = 1', ['local']],
    ['%%mlrun f --on=g|>', ['gpu']],
    ['%%mlrun f --capacity |>', ['spot', 'any']],
    ['%%mlrun f --memory |>', []],
    ['\n%%mlrun f --cap|>', ['--capacity']],
    ['%%mlrun f\n#| mlrun.mem|>', ['memory: ', 'memory-limit: ']],
    ['%%mlrun f\n#| echo: false\n\n#| mlrun.on: |>', ['local', 'gpu']],
    ['%%mlrun f\n#| mlrun.capacity: s|>', ['spot']]
  ])('%j', (marked, expected) => {
    expect(offered(marked)).toEqual(expected);
  });

  it.each([
    ['%%mlrun |>'],
    ['%%mlrun f --on local x|>'],
    ['%%mlrun f\nx = 1|>'],
    ['%%mlrun f\nx = 1\n#| mlrun.mem|>'],
    ['x = 1\n#| mlrun.mem|>'],
    ['%%time\n#| mlrun.mem|>']
  ])('offers nothing at %j', marked => {
    expect(offered(marked)).toBeUndefined();
  });

  it('takes the place of what was typed', () => {
    expect(offersAt('%%mlrun f --mem', 15, OPTIONS)).toMatchObject({ start: 10, end: 15 });
    expect(offersAt('%%mlrun f --on=g', 16, OPTIONS)).toMatchObject({ start: 15, end: 16 });
  });
});
