/** Whether something is ready, as a shape first and a colour second. */

import * as React from 'react';
import { useDesk } from '../kit/react';

/** How something stands. */
export type Look = 'absent' | 'ready' | 'wrong';

/** A tick, an exclamation mark, or a dash. */
export function LookGlyph({ look }: { readonly look: Look }): React.ReactElement {
  const { trans } = useDesk();
  const words = { absent: trans.__('absent'), ready: trans.__('ready'), wrong: trans.__('wrong') };
  return (
    <svg viewBox="0 0 16 16" role="img" aria-label={words[look]} className="jp-mlrun-nb-State">
      {look === 'ready' ? (
        <path d="M3.5 8.5l3 3 6-7" fill="none" stroke="currentColor" strokeWidth="1.8" />
      ) : look === 'wrong' ? (
        <path d="M8 2.5v7M8 12v1.6" fill="none" stroke="currentColor" strokeWidth="2" />
      ) : (
        <path d="M4 8h8" fill="none" stroke="currentColor" strokeWidth="1.8" />
      )}
    </svg>
  );
}
