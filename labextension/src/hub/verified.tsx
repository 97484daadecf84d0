/** The mark of what was compared with its digest. */

import * as React from 'react';
import { useDesk } from '../kit/react';

/** A seal; it says what was looked at, and what nobody has looked at. */
export function Verified(): React.ReactElement {
  const { trans } = useDesk();
  const label = trans.__('verified');
  const title = trans.__(
    'Verified: each file was compared with its digest, so it is byte for byte what was published. It does not say that somebody has read the code.'
  );
  return (
    <span className="jp-mlrun-nb-Verified" role="img" aria-label={label} title={title}>
      <svg viewBox="0 0 16 16" aria-hidden>
        <path
          d="M8 1l5.5 2v4.2c0 3.4-2.2 6.2-5.5 7.8-3.3-1.6-5.5-4.4-5.5-7.8V3z"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinejoin="round"
        />
        <path d="M5.2 8l2 2 3.6-4" fill="none" stroke="currentColor" strokeWidth="1.6" />
      </svg>
    </span>
  );
}
