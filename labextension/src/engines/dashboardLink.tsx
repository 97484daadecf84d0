/** The way to the dashboard of a Dask cluster. */

import * as React from 'react';
import { useDesk } from '../kit/react';

/** A link that opens beside JupyterLab; `isNamed` where nothing around it says whose dashboard it is. */
export function DashboardLink({
  address,
  isNamed = false
}: {
  readonly address: string;
  readonly isNamed?: boolean;
}): React.ReactElement | null {
  const { api, trans } = useDesk();
  return (
    <a
      className="jp-mlrun-nb-Link"
      href={api.link(address)}
      target="_blank"
      rel="noopener noreferrer"
      title={trans.__('Opens in a new tab: %1', address)}
    >
      {isNamed ? trans.__('Dask dashboard') : trans.__('Dashboard')}
      <svg viewBox="0 0 12 12" aria-hidden className="jp-mlrun-nb-Link-out">
        <path d="M4 3h5v5M9 3L3 9" fill="none" stroke="currentColor" strokeWidth="1.4" />
      </svg>
    </a>
  );
}
