/** The last lines of a log, for a page that shows other things too. */

import * as React from 'react';
import type { RunRow } from '../../api/types';
import { AnsiLine } from '../../kit/ansiText';
import { useAnswer } from '../../kit/page';
import { useDesk } from '../../kit/react';
import { isFinal } from '../../kit/state';
import { Block } from '../facts';

const LINES = 12;
const OPEN_MS = 700;

/** A dozen lines with their numbers; nothing where there is no log. */
export function LogEnd({
  run,
  onOpen
}: {
  readonly run: RunRow;
  readonly onOpen: () => void;
}): React.ReactElement | null {
  const { api, trans } = useDesk();
  const { value } = useAnswer(
    run.id,
    (folder, signal) => api.log(folder, run.id, -LINES, LINES, signal),
    isFinal(run.state) ? undefined : OPEN_MS
  );
  if (value === undefined || value.lines.length === 0) {
    return null;
  }
  return (
    <Block
      title={
        <>
          {trans.__('End of the log')}
          <button type="button" className="jp-mlrun-nb-Link" onClick={onOpen}>
            {trans.__('whole log')}
          </button>
        </>
      }
    >
      <pre
        className="jp-mlrun-nb-Text jp-mod-numbered"
        tabIndex={0}
        role="region"
        aria-label={trans.__('End of the log')}
        style={{ '--jp-mlrun-nb-digits': `${String(value.total).length}ch` } as React.CSSProperties}
      >
        {value.lines.map((line, index) => (
          <div
            key={value.first + index}
            className="jp-mlrun-nb-Line"
            data-number={value.first + index + 1}
          >
            <AnsiLine line={line} />
          </div>
        ))}
      </pre>
    </Block>
  );
}
