/** What stands weakly in an empty field: what the empty field means, or else an example. */

import type { ParameterRow } from '../api/types';
import { meansNone, shapeOf, typedText, type Shape } from './values';

/** An empty field gives no value, or the default; or it must not be empty, and an example shows what is wanted. */
export type Placeholder =
  { readonly kind: 'none' } | { readonly kind: 'default' | 'example'; readonly text: string };

const EXAMPLES: Readonly<Record<Shape['kind'], string>> = {
  flag: '',
  choice: '',
  whole: '8',
  number: '0.1',
  text: 'some text',
  json: '[1, 2]'
};
const TEXTS: Readonly<Record<string, string>> = {
  'date-time': '2026-01-31T12:00:00',
  path: 'data/train.csv'
};

/** What to show in the empty field of a parameter. */
export function placeholderOf(parameter: ParameterRow): Placeholder {
  const { schema, required } = parameter;
  const shape = shapeOf(schema);
  if (meansNone(shape)) {
    return { kind: 'none' };
  }
  if (!required) {
    return { kind: 'default', text: defaultText(parameter, shape) };
  }
  const { format } = schema;
  const text = shape.kind === 'text' && typeof format === 'string' ? TEXTS[format] : undefined;
  return { kind: 'example', text: text ?? EXAMPLES[shape.kind] };
}

/** The default as it is typed; one that only the run knows as it is written in the cell. */
function defaultText({ name, type, declaration, schema }: ParameterRow, shape: Shape): string {
  const { default: value } = schema;
  if (value !== undefined) {
    return typedText(value, shape) || JSON.stringify(value);
  }
  return declaration.slice(`${name}${type && `: ${type}`} = `.length);
}
