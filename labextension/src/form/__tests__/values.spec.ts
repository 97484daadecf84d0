import type { ParameterRow } from '../../api/types';
import { RunForm } from '../model';
import { optionValue, shapeOf, typedText, typedValue } from '../values';

const FLOAT = { anyOf: [{ type: 'number' }, { enum: ['NaN', 'Infinity', '-Infinity'] }] };
const OPTIONAL_TEXT = { anyOf: [{ type: 'string' }, { type: 'null' }] };

describe('shapeOf', () => {
  it.each([
    [{ type: 'integer' }, { kind: 'whole', isOptional: false }],
    [FLOAT, { kind: 'number', isOptional: false }],
    [{ anyOf: [FLOAT, { type: 'null' }] }, { kind: 'number', isOptional: true }],
    [OPTIONAL_TEXT, { kind: 'text', isOptional: true }],
    [{ type: 'boolean' }, { kind: 'flag' }],
    [{ enum: ['a', 2] }, { kind: 'choice', choices: ['a', 2] }],
    [
      { anyOf: [{ type: 'boolean' }, { type: 'null' }] },
      { kind: 'choice', choices: [null, false, true] }
    ],
    [
      { type: 'array', items: { type: 'string' } },
      { kind: 'json', isOptional: false }
    ],
    [{}, { kind: 'json', isOptional: false }]
  ])('%j', (schema, shape) => {
    expect(shapeOf(schema)).toEqual(shape);
  });
});

describe('typedValue', () => {
  it.each([
    ['8', { type: 'integer' }, { value: 8 }],
    ['8.5', { type: 'integer' }, { wrong: 'whole' }],
    ['1e-3', FLOAT, { value: 0.001 }],
    ['NaN', FLOAT, { value: 'NaN' }],
    ['1,5', FLOAT, { wrong: 'number' }],
    ['', FLOAT, { wrong: 'missing' }],
    ['', OPTIONAL_TEXT, { value: null }],
    ['', { type: 'string' }, { value: '' }],
    ['["a"]', { type: 'array' }, { value: ['a'] }],
    ['[', { type: 'array' }, { wrong: 'json' }],
    ['true', { type: 'boolean' }, { value: true }]
  ])('%j as %j', (text, schema, found) => {
    expect(typedValue(text, shapeOf(schema))).toEqual(found);
  });

  it('gives back what typedText wrote', () => {
    for (const [value, schema] of [
      [0.1, FLOAT],
      ['Infinity', FLOAT],
      [null, OPTIONAL_TEXT],
      ['text', { type: 'string' }],
      [{ a: [1] }, {}],
      ['b', { enum: ['a', 'b'] }]
    ] as const) {
      const shape = shapeOf(schema);
      expect(typedValue(typedText(value, shape), shape)).toEqual({ value });
    }
  });
});

describe('optionValue', () => {
  it('has the JSON form of its kind', () => {
    expect(optionValue('2', { kind: 'count' })).toBe(2);
    expect(optionValue('two', { kind: 'count' })).toBe('two');
    expect(optionValue('a, b', { kind: 'names' })).toEqual(['a', 'b']);
    expect(optionValue('a=1\nb=x=y', { kind: 'pairs' })).toEqual({ a: '1', b: 'x=y' });
    expect(optionValue('true', { kind: 'flag' })).toBe(true);
    expect(optionValue('{"a": 1}', { kind: 'data' })).toEqual({ a: 1 });
    expect(optionValue(' 16Gi ', { kind: 'bytes' })).toBe('16Gi');
  });
});

describe('RunForm', () => {
  const parameter = (
    name: string,
    schema: ParameterRow['schema'],
    required = false
  ): ParameterRow => ({
    name,
    type: '',
    description: '',
    required,
    declaration: '',
    schema
  });
  const depth = parameter('depth', { type: 'integer' }, true);
  const parameters = [parameter('lr', { ...FLOAT, default: 0.1 }), depth];

  it('sends what was changed, and nothing else', () => {
    const form = new RunForm({
      parameters,
      given: { lr: '0.2', depth: '8' },
      options: { memory: '4Gi' },
      on: 'local'
    });
    expect(form.asked([])).toEqual({ parameters: {}, options: {}, on: null });
    form.set('lr', '0.3');
    form.setOption('memory', '8Gi');
    form.setOn('kubernetes');
    expect(form.asked([])).toEqual({
      parameters: { lr: 0.3 },
      options: { memory: '8Gi' },
      on: 'kubernetes'
    });
  });

  it('takes an emptied field as the default', () => {
    const name = parameter('name', { type: 'string', default: 'adam' });
    const seed = parameter('seed', { anyOf: [{ type: 'integer' }, { type: 'null' }], default: 1 });
    const form = new RunForm({
      parameters: [...parameters, name, seed],
      given: { lr: '0.2', depth: '8', name: 'sgd', seed: '2' }
    });
    for (const each of ['lr', 'name', 'seed']) {
      form.set(each, '');
    }
    expect(form.isRight).toBe(true);
    expect(form.asked([]).parameters).toEqual({ lr: 0.1, name: 'adam', seed: null });
    form.set('depth', ' ');
    expect(form.wrong(depth)).toBe('missing');
  });

  it('does not send what only the run knows', () => {
    const since = parameter('since', { type: 'string', format: 'date-time' });
    const fresh = new RunForm({ parameters: [since] });
    fresh.set('since', '2026-01-31');
    fresh.set('since', '');
    expect(fresh.asked([]).parameters).toEqual({});
    const again = new RunForm({ parameters: [since], given: { since: '2026-01-31' } });
    again.set('since', '');
    expect(again.wrong(since)).toBe('computed');
  });

  it('wants what has no default', () => {
    const form = new RunForm({ parameters });
    expect(form.isRight).toBe(false);
    form.set('depth', 'x');
    expect(form.wrong(depth)).toBe('whole');
    form.set('depth', '3');
    expect(form.isRight).toBe(true);
    expect(form.asked([]).parameters).toEqual({ depth: 3 });
  });
});
