/** The log of a run: followed while it grows, searched, copied, downloaded. */

import * as React from 'react';
import type { RunRow } from '../../api/types';
import { useSeen } from '../../kit/page';
import { useDesk, useSignal } from '../../kit/react';
import { isFinal } from '../../kit/state';
import { Trouble } from '../../kit/trouble';
import { LogLines } from './lines';
import { LogModel } from './model';
import { useScroller } from './scroller';
import { LogSearch } from './search';
import { LogTools } from './tools';
import { ROW_PX, topFor } from './window';

/** Of a run that failed or goes on the end is shown first, of others the beginning. */
export function LogTab({ run }: { readonly run: RunRow }): React.ReactElement {
  const desk = useDesk();
  const seen = useSeen();
  const [models, setModels] = React.useState<{
    readonly log: LogModel;
    readonly search: LogSearch;
  }>();
  React.useEffect(() => {
    const isFromEnd = run.state !== 'succeeded' && run.state !== 'cached';
    const log = new LogModel(desk, seen, run.id, isFromEnd);
    const search = new LogSearch(desk, run.id);
    setModels({ log, search });
    return () => {
      log.dispose();
      search.dispose();
    };
  }, [run.id]);
  return models ? <Log key={run.id} run={run} {...models} /> : <></>;
}

function Log({
  run,
  log,
  search
}: {
  readonly run: RunRow;
  readonly log: LogModel;
  readonly search: LogSearch;
}): React.ReactElement {
  const { trans } = useDesk();
  useSignal(log.changed);
  useSignal(search.changed);
  const isFromEnd = React.useRef(run.state !== 'succeeded' && run.state !== 'cached').current;
  const [isFollowing, setFollowing] = React.useState(isFromEnd);
  const [isWrapped, setWrapped] = React.useState(false);
  const field = React.useRef<HTMLInputElement>(null);
  const total = log.total ?? 0;
  const isGrowing = !log.ended && !isFinal(run.state);
  const scroller = useScroller(total, isAtEnd => {
    setFollowing(isAtEnd);
  });
  React.useLayoutEffect(() => {
    if (isFollowing) {
      scroller.goTo(Infinity);
    }
  }, [isFollowing, total, scroller.height, isWrapped]);
  const { line } = search;
  React.useLayoutEffect(() => {
    if (line !== undefined) {
      setFollowing(false);
      scroller.goTo(topFor(line, scroller.top, { lines: total, height: scroller.height }));
    }
  }, [line]);
  return (
    <div
      className="jp-mlrun-nb-Log"
      onKeyDown={event => {
        if ((event.ctrlKey || event.metaKey) && event.key === 'f') {
          event.preventDefault();
          event.stopPropagation();
          field.current?.select();
        }
      }}
    >
      <LogTools
        run={run}
        log={log}
        search={search}
        field={field}
        firstLine={Math.floor(scroller.top / ROW_PX)}
        isWrapped={isWrapped}
        onWrap={setWrapped}
      />
      <Trouble error={log.error ?? search.error} />
      {log.total === 0 && log.error === undefined && (
        <p className="jp-mlrun-nb-empty">
          {isGrowing ? trans.__('Nothing has been printed yet.') : trans.__('It printed nothing.')}
        </p>
      )}
      <div className="jp-mlrun-nb-Log-frame" hidden={total === 0}>
        <LogLines
          model={log}
          total={total}
          scroller={scroller}
          isWrapped={isWrapped}
          mark={search.text}
          line={line}
        />
        {!isFollowing && isGrowing && (
          <button
            type="button"
            className="jp-mlrun-nb-Button jp-mlrun-nb-Log-follow"
            onClick={() => {
              setFollowing(true);
            }}
          >
            {trans.__('Follow ↓')}
          </button>
        )}
      </div>
    </div>
  );
}
