/** Sentences in which code stands between backticks, as the server writes them. */

import * as React from 'react';

/** The same sentence with its code in the code's font. */
export function Prose({ text }: { readonly text: string }): React.ReactElement {
  return (
    <>
      {text
        .split(/(`[^`]+`)/)
        .map((part, index) =>
          index % 2 === 1 ? <code key={index}>{part.slice(1, -1)}</code> : part
        )}
    </>
  );
}
