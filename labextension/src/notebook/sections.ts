/** In which order a form shows the options of a function. */

import type { Field, Options, Section } from '../api/types';

/** Asked for by most, in the order of the form's first part. */
const MOST_USED = [
  'on',
  'cpu',
  'memory',
  'gpu',
  'timeout',
  'retries',
  'image',
  'requirement',
  'input',
  'output'
];
/** What is said to one run on a command line, and has no place in a cell that is run again and again. */
const PASSING = new Set(['param', 'define', 'dry-run', 'validate', 'explain-cache']);

/** The fields to show first, and the others under their headings. */
export type FormSections = {
  readonly first: readonly Field[];
  readonly rest: readonly Section[];
};

/** Part the options for a form; a section of which nothing is left is left out. */
export function formSections({ sections }: Options): FormSections {
  const all = sections.flatMap(({ fields }) => fields);
  const first = MOST_USED.flatMap(name => all.filter(field => field.name === name));
  const rest = sections
    .map(section => ({
      ...section,
      fields: section.fields.filter(each => !first.includes(each) && !PASSING.has(each.name))
    }))
    .filter(({ fields }) => fields.length > 0);
  return { first, rest };
}
