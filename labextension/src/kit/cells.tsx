/** Cells of a notebook, to read. */

import * as React from 'react';
import type { HubCell } from '../api/types';
import { Code } from './code';
import { Markdown } from './markdown';
import { useDesk } from './react';

/** Markdown as it is drawn, code in its colours; nothing can be run or changed. */
export function ReadCells({ cells }: { readonly cells: readonly HubCell[] }): React.ReactElement {
  const { trans } = useDesk();
  return (
    <div className="jp-mlrun-nb-ReadCells">
      {cells.map(({ kind, source }, index) =>
        kind === 'markdown' ? (
          <Markdown key={index} text={source} />
        ) : (
          <Code key={index} text={source} label={trans.__('Cell %1', index + 1)} />
        )
      )}
    </div>
  );
}
