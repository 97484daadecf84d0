/** The text of the search field: words such as `state:failed`, switched on and off by chips. */

/** The words of a search, in their order; what stands in quotes is one word. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}

/** A `key:value` word; a value with blanks is put in quotes. */
export function wordFor(key: string, value: string): string {
  return `${key}:${/[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value}`;
}

/** Whether `word` is part of the search `text`. */
export function hasWord(text: string, word: string): boolean {
  return wordsOf(text).includes(word);
}

/** `text` with `word`, or without it where it was there; another word of the same key gives way. */
export function toggleWord(text: string, word: string): string {
  const key = word.slice(0, word.indexOf(':') + 1);
  const words = wordsOf(text);
  const others = words.filter(each => each !== word && !(key && each.startsWith(key)));
  return (words.includes(word) ? others : [...others, word]).join(' ');
}
