/** How commands are told of an item. */

/** Which item. */
export const ITEM = {
  source: { type: 'string', description: 'The hub source that it is from' },
  name: { type: 'string', description: 'The name of the item' },
  version: { type: 'string', description: 'A version; the newest without' }
} as const;
