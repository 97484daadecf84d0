/** Values as they are typed in a form, and the JSON that goes to the server. */

import type { ReadonlyJSONValue } from '@lumino/coreutils';
import type { Field } from '../api/types';

/** What a field looks like. */
export type Shape =
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly choices: readonly ReadonlyJSONValue[] }
  | { readonly kind: 'whole' | 'number' | 'text' | 'json'; readonly isOptional: boolean };

/** What was typed, as JSON; or what is wrong with it. */
export type Typed = { readonly value: ReadonlyJSONValue } | { readonly wrong: Wrong };

/**
 * What should have been typed; `missing` where nothing was and something must be, `computed` where nothing was in place
 * of a value whose default only the run knows.
 */
export type Wrong = 'whole' | 'number' | 'json' | 'missing' | 'computed';

type Schema = Readonly<Record<string, ReadonlyJSONValue | undefined>>;

const NON_FINITE = ['NaN', 'Infinity', '-Infinity'];

/** How the values of a JSON schema are typed. */
export function shapeOf(schema: Schema): Shape {
  const options = Array.isArray(schema.anyOf) ? (schema.anyOf as readonly Schema[]) : [];
  if (options.length > 0) {
    const others = options.filter(each => each.type !== 'null');
    const isOptional = others.length < options.length;
    if (others.some(each => each.type === 'number') && others.every(isNumber)) {
      return { kind: 'number', isOptional };
    }
    const inner = others.length === 1 && others[0] ? shapeOf(others[0]) : undefined;
    if (inner === undefined || inner.kind === 'flag' || inner.kind === 'choice') {
      const choices = inner?.kind === 'choice' ? inner.choices : inner ? [false, true] : undefined;
      return choices
        ? { kind: 'choice', choices: isOptional ? [null, ...choices] : choices }
        : { kind: 'json', isOptional };
    }
    return { ...inner, isOptional: isOptional || inner.isOptional };
  }
  if (Array.isArray(schema.enum)) {
    return { kind: 'choice', choices: schema.enum as readonly ReadonlyJSONValue[] };
  }
  switch (schema.type) {
    case 'boolean':
      return { kind: 'flag' };
    case 'integer':
      return { kind: 'whole', isOptional: false };
    case 'number':
      return { kind: 'number', isOptional: false };
    case 'string':
      return { kind: 'text', isOptional: false };
    default:
      return { kind: 'json', isOptional: false };
  }
}

/** A value as a person types it. */
export function typedText(value: ReadonlyJSONValue, shape: Shape): string {
  if (shape.kind === 'choice' || shape.kind === 'flag' || shape.kind === 'json') {
    return shape.kind === 'json' && value === null && shape.isOptional ? '' : JSON.stringify(value);
  }
  return value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}

/** Whether nothing was typed; a text may be of spaces. */
export function isEmpty(text: string, shape: Shape): boolean {
  return (shape.kind === 'text' ? text : text.trim()) === '';
}

/** Whether an empty field means that there is no value, which is a value of its own. */
export function meansNone(shape: Shape): boolean {
  return 'isOptional' in shape && shape.isOptional;
}

/** What was typed, as JSON. */
export function typedValue(text: string, shape: Shape): Typed {
  if (shape.kind === 'choice' || shape.kind === 'flag') {
    return parsed(text);
  }
  if (shape.kind === 'text') {
    return { value: text === '' && shape.isOptional ? null : text };
  }
  const trimmed = text.trim();
  if (trimmed === '') {
    return shape.isOptional ? { value: null } : { wrong: 'missing' };
  }
  if (shape.kind === 'json') {
    return parsed(trimmed);
  }
  if (shape.kind === 'number' && NON_FINITE.includes(trimmed)) {
    return { value: trimmed };
  }
  const number = Number(trimmed.replaceAll('_', ''));
  const isFine = shape.kind === 'whole' ? /^[+-]?[\d_]+$/.test(trimmed) : Number.isFinite(number);
  return isFine ? { value: number } : { wrong: shape.kind };
}

/** An option as it was typed, in its JSON form. */
export function optionValue(text: string, { kind }: Pick<Field, 'kind'>): ReadonlyJSONValue {
  const parts = text
    .split(/[\n,]/)
    .map(each => each.trim())
    .filter(each => each !== '');
  switch (kind) {
    case 'count':
      return /^\d+$/.test(text.trim()) ? Number(text) : text;
    case 'flag':
      return text === 'true';
    case 'names':
    case 'texts':
      return parts;
    case 'pairs':
      return Object.fromEntries(
        parts.map(each => {
          const [key = '', ...rest] = each.split('=');
          return [key.trim(), rest.join('=').trim()];
        })
      );
    case 'data': {
      const found = parsed(text);
      return 'value' in found ? found.value : text;
    }
    default:
      return text.trim();
  }
}

function isNumber(schema: Schema): boolean {
  return (
    schema.type === 'number' ||
    schema.type === 'integer' ||
    (Array.isArray(schema.enum) && schema.enum.every(each => NON_FINITE.includes(String(each))))
  );
}

function parsed(text: string): Typed {
  try {
    return { value: JSON.parse(text) as ReadonlyJSONValue };
  } catch {
    return { wrong: 'json' };
  }
}
