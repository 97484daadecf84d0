/** Runs in the status bar: what is open now. */

import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { CommandIDs } from '../commandIds';
import type { IDesk } from '../desk';
import { DeskProvider, useDesk, useLive } from '../kit/react';
import { StateGlyph } from '../kit/state';

/** The number of open runs; a click shows the panel. */
export class RunCounts extends ReactWidget {
  constructor(private readonly _desk: IDesk) {
    super();
  }

  protected override render(): React.ReactElement {
    return (
      <DeskProvider value={this._desk}>
        <Counts />
      </DeskProvider>
    );
  }
}

function Counts(): React.ReactElement | null {
  const { commands, status, trans } = useDesk();
  const counts = useLive(status)?.counts;
  const open = counts ? counts.running + counts.pending : 0;
  if (counts === undefined || open === 0) {
    return null;
  }
  const words = trans._n('%1 run is open', '%1 runs are open', open, open);
  return (
    <button
      type="button"
      className="jp-mlrun-nb-StatusItem"
      title={words}
      aria-label={words}
      onClick={() => void commands.execute(CommandIDs.showPanel)}
    >
      <StateGlyph state={counts.running > 0 ? 'running' : 'pending'} />
      {open}
    </button>
  );
}
