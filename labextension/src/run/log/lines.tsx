/** The window of a log. */

import * as React from 'react';
import { plainText } from '../../kit/ansi';
import { AnsiLine } from '../../kit/ansiText';
import { useDesk } from '../../kit/react';
import type { LogModel } from './model';
import type { IScroller } from './scroller';
import { linesIn, lowest, ROW_PX, scrollHeight } from './window';

/** Which lines are shown, and how. */
export interface ILogLinesProps {
  readonly model: LogModel;
  readonly total: number;
  readonly scroller: IScroller;
  readonly isWrapped: boolean;
  /** A text that is highlighted. */
  readonly mark: string;
  /** The line in which it is looked at. */
  readonly line: number | undefined;
}

/** Draws the lines in sight; they stay in sight while the browser scrolls, and are changed when it is done. */
export function LogLines(props: ILogLinesProps): React.ReactElement {
  const { model, total, scroller, isWrapped, mark, line } = props;
  const { trans } = useDesk();
  const { top, height, node } = scroller;
  const view = { lines: total, height };
  const isAtEnd = top >= lowest(view) - 1 && lowest(view) > 0;
  const [first, last] = linesIn(top, view);
  React.useEffect(() => {
    model.need(first, last);
  }, [first, last, total]);
  const widest = React.useRef(0);
  const rows = [];
  for (let number = first; number <= last; number += 1) {
    const text = model.line(number);
    const length = text === undefined ? 0 : plainText(text).length;
    widest.current = Math.max(widest.current, Math.min(length, 10_000));
    rows.push(
      <div
        key={number}
        className={`jp-mlrun-nb-Line${number === line ? ' jp-mod-active' : ''}`}
        data-number={number + 1}
      >
        {text === undefined ? ' ' : <AnsiLine line={text} mark={mark} />}
      </div>
    );
  }
  const digits = String(total).length;
  return (
    <div
      ref={node}
      className={`jp-mlrun-nb-Log-window${isWrapped ? ' jp-mod-wrapped' : ''}${isAtEnd ? ' jp-mod-atEnd' : ''}`}
      style={{ '--jp-mlrun-nb-digits': `${digits}ch` } as React.CSSProperties}
      tabIndex={0}
      role="region"
      aria-label={trans.__('Lines of the log')}
      onScroll={scroller.onScroll}
      onKeyDown={scroller.onKeyDown}
    >
      <div
        style={{
          height: scrollHeight(view),
          minWidth: isWrapped ? undefined : `calc(${widest.current + digits}ch + 36px)`
        }}
      >
        <div className="jp-mlrun-nb-Log-sight" style={{ height }}>
          <div
            className="jp-mlrun-nb-Log-rows"
            style={
              isWrapped ? undefined : { transform: `translateY(${-(top - first * ROW_PX)}px)` }
            }
          >
            {rows}
          </div>
        </div>
      </div>
    </div>
  );
}
