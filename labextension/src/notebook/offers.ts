/** What may be typed next in a function's cell: options and their values, from the server's table. */

import type { Field, Options } from '../api/types';

/** One thing that may be typed: what is shown, what is written, and what it means. */
export type Offer = { readonly label: string; readonly text: string; readonly help: string };

/** What may take the place of the text between two offsets. */
export type Offers = {
  readonly start: number;
  readonly end: number;
  readonly items: readonly Offer[];
};

const LINE = /^\s*%%mlrun\s+(\S+\s.*)$/;
const COMMENT_NAME = /^\s*#\|\s*mlrun\.([\w-]*)$/;
const COMMENT_VALUE = /^\s*#\|\s*mlrun\.([\w-]+)\s*:\s*(\S*)$/;

/** Return what may follow at `offset` in the text of a cell: on its `%%mlrun` line, or in a `#| mlrun.` line below. */
export function offersAt(text: string, offset: number, options: Options): Offers | undefined {
  const before = text.slice(0, offset).split('\n');
  const line = before.at(-1) ?? '';
  const above = before.slice(0, -1).filter(each => each.trim() !== '');
  const found = above.length === 0 ? onMagicLine(line, options) : inComment(line, above, options);
  if (found === undefined) {
    return undefined;
  }
  const items = found.items.filter(each => each.text.startsWith(found.typed));
  return { start: offset - found.typed.length, end: offset, items };
}

type Found = { readonly typed: string; readonly items: readonly Offer[] };

function onMagicLine(line: string, options: Options): Found | undefined {
  const words = LINE.exec(line)?.[1]?.split(/\s+/);
  if (words === undefined) {
    return undefined;
  }
  const typed = words.at(-1) ?? '';
  const [flag, value] = splitOnce(typed);
  if (value !== undefined) {
    return { typed: value, items: valuesOf(fieldOf(flag, options), options) };
  }
  const waiting = fieldOf(words.at(-2) ?? '', options);
  if (waiting !== undefined && waiting.kind !== 'flag') {
    return { typed, items: valuesOf(waiting, options) };
  }
  return typed === '' || typed.startsWith('-')
    ? {
        typed,
        items: all(options).map(({ name, help }) => ({
          label: `--${name}`,
          text: `--${name}`,
          help
        }))
      }
    : undefined;
}

function inComment(line: string, above: readonly string[], options: Options): Found | undefined {
  const [first = '', ...others] = above;
  if (!/^\s*%%mlrun\b/.test(first) || others.some(each => !each.trimStart().startsWith('#'))) {
    return undefined;
  }
  const typed = COMMENT_NAME.exec(line)?.[1];
  if (typed !== undefined) {
    const items = all(options).map(({ name, help }) => ({ label: name, text: `${name}: `, help }));
    return { typed, items };
  }
  const [, name = '', value = ''] = COMMENT_VALUE.exec(line) ?? [];
  return name === ''
    ? undefined
    : { typed: value, items: valuesOf(fieldOf(`--${name}`, options), options) };
}

function all({ sections }: Options): readonly Field[] {
  return sections.flatMap(({ fields }) => fields);
}

function fieldOf(flag: string, options: Options): Field | undefined {
  return all(options).find(({ name }) => `--${name}` === flag);
}

function valuesOf(field: Field | undefined, { targets }: Options): readonly Offer[] {
  const values = field?.name === 'on' ? targets : (field?.choices ?? []);
  return values.map(text => ({ label: text, text, help: field?.help ?? '' }));
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 || !word.startsWith('--')
    ? [word, undefined]
    : [word.slice(0, at), word.slice(at + 1)];
}
