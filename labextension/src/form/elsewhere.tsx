/** What does the same in a shell, or in Python. */

import * as React from 'react';
import { useDesk } from '../kit/react';
import { Block } from '../run/facts';

/** The same without this page. */
export function Elsewhere({
  command,
  call
}: {
  readonly command: string;
  readonly call: string;
}): React.ReactElement {
  const { trans } = useDesk();
  return (
    <Block title={trans.__('From a shell, or from Python')} className="jp-mod-later">
      <pre className="jp-mlrun-nb-Text" tabIndex={0} aria-label={trans.__('Command')}>
        {command}
      </pre>
      <pre className="jp-mlrun-nb-Text" tabIndex={0} aria-label={trans.__('Python')}>
        {call}
      </pre>
    </Block>
  );
}
