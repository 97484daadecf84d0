/** What can be done with a log, above it. */

import { Clipboard, Notification } from '@jupyterlab/apputils';
import { copyIcon, downloadIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { RunRow } from '../../api/types';
import { plainText } from '../../kit/ansi';
import { count, size } from '../../kit/humane';
import { useDesk } from '../../kit/react';
import type { LogModel } from './model';
import type { LogSearch } from './search';

/** A longer one is downloaded, not copied. */
const COPIED_BYTES = 8 * 1024 * 1024;
const LINES_AT_ONCE = 10_000;

/** The log, the search in it, and how it is shown. */
export interface ILogToolsProps {
  readonly run: RunRow;
  readonly log: LogModel;
  readonly search: LogSearch;
  readonly field: React.RefObject<HTMLInputElement>;
  /** The line at the top of the window: a search begins there. */
  readonly firstLine: number;
  readonly isWrapped: boolean;
  readonly onWrap: (isWrapped: boolean) => void;
}

/** Search at the left, the rest at the right. */
export function LogTools(props: ILogToolsProps): React.ReactElement {
  const { run, log, isWrapped, onWrap } = props;
  const { api, place, trans } = useDesk();
  const copy = useCopy(run, log);
  const total = log.total ?? 0;
  return (
    <div className="jp-mlrun-nb-Tools">
      <Search {...props} />
      <span className="jp-mlrun-nb-hint">
        {total > 0 && trans._n('%2 line, %3', '%2 lines, %3', total, count(total), size(log.bytes))}
      </span>
      <label className="jp-mlrun-nb-Check">
        <input
          type="checkbox"
          checked={isWrapped}
          onChange={event => {
            onWrap(event.target.checked);
          }}
        />
        {trans.__('Wrap')}
      </label>
      <button
        type="button"
        className="jp-mlrun-nb-IconButton"
        title={trans.__('Copy the log')}
        aria-label={trans.__('Copy the log')}
        disabled={total === 0}
        onClick={() => void copy()}
      >
        <copyIcon.react tag="span" />
      </button>
      <a
        className="jp-mlrun-nb-IconButton"
        href={api.download(place.folder, run.id)}
        download
        title={trans.__('Download the log')}
        aria-label={trans.__('Download the log')}
      >
        <downloadIcon.react tag="span" />
      </a>
    </div>
  );
}

function Search({ search, field, firstLine }: ILogToolsProps): React.ReactElement {
  const { trans } = useDesk();
  const { text, hits, at, hasMore, isBusy } = search;
  const total = `${count(hits.length)}${hasMore ? '+' : ''}`;
  const step = (by: 1 | -1, title: string, shape: string): React.ReactElement => (
    <button
      type="button"
      className="jp-mlrun-nb-IconButton"
      title={title}
      aria-label={title}
      disabled={hits.length === 0}
      onClick={() => void search.move(by)}
    >
      <svg viewBox="0 0 16 16" aria-hidden>
        <path d={shape} fill="none" stroke="currentColor" strokeWidth="1.6" />
      </svg>
    </button>
  );
  return (
    <search className="jp-mlrun-nb-Find">
      <input
        ref={field}
        type="search"
        className="jp-mlrun-nb-Input"
        value={text}
        placeholder={trans.__('Find in the log')}
        aria-label={trans.__('Find in the log')}
        spellCheck={false}
        onChange={event => {
          search.look(event.target.value, firstLine);
        }}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            event.preventDefault();
            void search.move(event.shiftKey ? -1 : 1);
          } else if (event.key === 'Escape') {
            search.look('', firstLine);
          }
        }}
      />
      {step(-1, trans.__('Previous (Shift+Enter)'), 'M4 10l4-4 4 4')}
      {step(1, trans.__('Next (Enter)'), 'M4 6l4 4 4-4')}
      <span className="jp-mlrun-nb-hint" role="status">
        {text === ''
          ? ''
          : hits.length === 0
            ? isBusy || hasMore
              ? trans.__('looking…')
              : trans.__('not there')
            : trans.__('%1 of %2', count(at + 1), total)}
      </span>
    </search>
  );
}

/** Copies all lines without their colours. */
function useCopy(run: RunRow, log: LogModel): () => Promise<void> {
  const { api, place, trans } = useDesk();
  return async () => {
    if (log.bytes > COPIED_BYTES) {
      Notification.info(trans.__('The log is %1 long: download it instead.', size(log.bytes)), {
        autoClose: 5000
      });
      return;
    }
    const lines: string[] = [];
    for (let total = 1; lines.length < total;) {
      const found = await api.log(place.folder, run.id, lines.length, LINES_AT_ONCE);
      total = found.lines.length === 0 ? 0 : found.total;
      lines.push(...found.lines.map(plainText));
    }
    Clipboard.copyToSystem(`${lines.join('\n')}\n`);
    Notification.success(
      trans._n('Copied %2 line.', 'Copied %2 lines.', lines.length, count(lines.length)),
      { autoClose: 2000 }
    );
  };
}
