import type { ParameterRow } from '../../api/types';
import { placeholderOf } from '../placeholder';

const FLOAT = { anyOf: [{ type: 'number' }, { enum: ['NaN', 'Infinity', '-Infinity'] }] };

function parameter(type: string, more: Partial<ParameterRow>): ParameterRow {
  return {
    name: 'x',
    type,
    description: '',
    required: true,
    declaration: '',
    schema: {},
    ...more
  };
}

describe('placeholderOf', () => {
  it('shows the default', () => {
    const schema = { ...FLOAT, default: 0.1 };
    expect(placeholderOf(parameter('float', { schema, required: false }))).toEqual({
      kind: 'default',
      text: '0.1'
    });
  });

  it('shows a default that only the run knows as it is written', () => {
    const declaration = "x: Path = Path('data')";
    const schema = { type: 'string', format: 'path' };
    expect(placeholderOf(parameter('Path', { schema, declaration, required: false }))).toEqual({
      kind: 'default',
      text: "Path('data')"
    });
    expect(placeholderOf(parameter('', { declaration: 'x = now()', required: false }))).toEqual({
      kind: 'default',
      text: 'now()'
    });
  });

  it.each([
    ['int', { type: 'integer' }, '8'],
    ['float', FLOAT, '0.1'],
    ['Path', { type: 'string', format: 'path' }, 'data/train.csv'],
    ['str', { type: 'string' }, 'some text'],
    ['list', { type: 'array' }, '[1, 2]']
  ])('shows an example where a %s must be given', (type, schema, text) => {
    expect(placeholderOf(parameter(type, { schema }))).toEqual({ kind: 'example', text });
  });

  it('says that an empty field gives no value', () => {
    const schema = { anyOf: [{ type: 'integer' }, { type: 'null' }], default: 3 };
    expect(placeholderOf(parameter('int | None', { schema, required: false }))).toEqual({
      kind: 'none'
    });
  });
});
