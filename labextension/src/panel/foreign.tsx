/** A page and a server of different releases. */

import * as React from 'react';
import { API, type Status } from '../api/types';
import { useDesk } from '../kit/react';

/** Says what to do where this page and the server do not speak the same interface; nothing where they do. */
export function ForeignServer({
  status
}: {
  readonly status: Status | undefined;
}): React.ReactElement | null {
  const { trans } = useDesk();
  if (status === undefined || status.api === API) {
    return null;
  }
  return (
    <div className="jp-mlrun-nb-Trouble" role="alert">
      <p>{trans.__('The server has mlrun-nb %1, this page another release.', status.version)}</p>
      <p className="jp-mlrun-nb-hint">
        {status.api > API
          ? trans.__('Reload the page.')
          : trans.__('Restart the Jupyter server, then reload the page.')}
      </p>
    </div>
  );
}
