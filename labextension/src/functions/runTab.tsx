/** The form that runs a function. */

import * as React from 'react';
import type { FunctionDetail } from '../api/types';
import { Elsewhere } from '../form/elsewhere';
import { RunFormView } from '../form/runForm';
import { useDesk } from '../kit/react';
import type { IStarted } from '../run/tokens';

/** Runs the version that is shown. */
export function RunTab({
  detail,
  started
}: {
  readonly detail: FunctionDetail;
  readonly started: IStarted;
}): React.ReactElement {
  const { api, trans } = useDesk();
  const { name, parameters, inputs, options, version } = detail;
  return (
    <RunFormView
      of={{
        name,
        parameters,
        inputs,
        options,
        emptyInput: trans.__('the last one that was made, or an address'),
        start: (folder, body) => api.start(folder, name, { ...body, version: version.hash })
      }}
      started={started}
    >
      <Elsewhere command={detail.command} call={detail.call} />
    </RunFormView>
  );
}
