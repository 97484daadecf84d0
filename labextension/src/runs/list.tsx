/** The list of runs: by day, newest first, for mouse and keyboard. */

import * as React from 'react';
import type { RunRow } from '../api/types';
import { CommandIDs } from '../commandIds';
import { dayName } from '../kit/humane';
import { useDesk, useNow, useSignal } from '../kit/react';
import { isFinal } from '../kit/state';
import { Windowed } from '../kit/windowed';
import type { FrontRun } from '../run/front';
import { linesOf, type Line } from './grouping';
import type { RunsModel } from './model';
import { RunLine } from './row';

const DAY_PX = 26;
const RUN_PX = 44;

/** The runs, the one whose page is in front, and what `/` does. */
export interface IRunsListProps {
  readonly model: RunsModel;
  readonly front: FrontRun;
  readonly onSearch: () => void;
}

/** One option for each run, the one in front marked; arrows move, Enter opens, `r` runs again, `c` compares, Delete asks. */
export function RunsList({ model, front, onSearch }: IRunsListProps): React.ReactElement {
  const { commands, trans } = useDesk();
  useSignal(model.changed);
  useSignal(front.changed);
  const id = React.useId();
  const [active, setActive] = React.useState<string>();
  const [selected, setSelected] = React.useState<ReadonlySet<string>>(new Set());
  const today = useNow(60_000);
  const { runs } = model;
  const lines = React.useMemo(
    () => linesOf(runs, created => dayName(created, today, trans)),
    [runs, today.getDate()]
  );
  const place = React.useRef(0);
  React.useEffect(() => {
    const index = runs.findIndex(run => run.id === active);
    if (index >= 0) {
      place.current = index;
    } else if (active !== undefined && runs.length > 0) {
      setActive(runs[Math.min(place.current, runs.length - 1)]?.id); // it was deleted: on to the next
    }
  }, [runs, active]);
  React.useEffect(() => {
    if (runs.some(run => run.id === front.id)) {
      setActive(front.id); // the keys go on from there
    }
  }, [front.id]);
  const at = lines.findIndex(line => line.kind === 'run' && line.run.id === active);
  const chosen = selected.size > 0 ? [...selected] : active === undefined ? [] : [active];

  const open = React.useCallback(
    (run: RunRow, event: React.MouseEvent) => {
      setActive(run.id);
      if (event.ctrlKey || event.metaKey) {
        setSelected(known => toggled(known, run.id));
        return;
      }
      setSelected(new Set());
      void commands.execute(CommandIDs.openRun, { run: run.id });
    },
    [commands]
  );
  const keys: Record<string, () => void> = {
    ArrowDown: () => {
      move(1);
    },
    ArrowUp: () => {
      move(-1);
    },
    PageDown: () => {
      move(10);
    },
    PageUp: () => {
      move(-10);
    },
    Home: () => {
      move(-runs.length);
    },
    End: () => {
      move(runs.length);
    },
    Enter: () => void commands.execute(CommandIDs.openRun, { run: active }),
    ' ': () => {
      setSelected(known => (active === undefined ? known : toggled(known, active)));
    },
    Escape: () => {
      setSelected(new Set());
    },
    r: () => void commands.execute(CommandIDs.rerun, { run: active }),
    c: () => void commands.execute(CommandIDs.compareRuns, { runs: chosen }),
    Delete: () => void commands.execute(CommandIDs.deleteRuns, { runs: chosen }),
    '/': onSearch
  };
  const move = (by: number): void => {
    const index = runs.findIndex(run => run.id === active);
    const next = Math.max(0, Math.min(runs.length - 1, index < 0 ? 0 : index + by));
    setActive(runs[next]?.id);
  };
  return (
    <Windowed
      root={{
        role: 'listbox',
        'aria-label': trans.__('Runs'),
        'aria-multiselectable': true,
        'aria-activedescendant': at < 0 ? undefined : `${id}-${active ?? ''}`,
        tabIndex: 0,
        className: 'jp-mlrun-nb-Runs',
        onFocus: () => {
          setActive(known => known ?? runs[0]?.id);
        },
        onKeyDown: event => {
          const act = keys[event.key];
          if (act && !event.ctrlKey && !event.metaKey && !event.altKey) {
            event.preventDefault();
            event.stopPropagation();
            act();
          }
        }
      }}
      items={lines}
      heightOf={heightOf}
      keyOf={keyOf}
      reveal={at < 0 ? undefined : at}
      onShown={(_, last) => {
        model.show(runIndex(lines, last));
      }}
      draw={line =>
        line.kind === 'day' ? (
          <div role="presentation" className="jp-mlrun-nb-Runs-day">
            {line.name}
          </div>
        ) : (
          <RunLine
            id={`${id}-${line.run.id}`}
            run={line.run}
            isFront={line.run.id === front.id}
            isActive={line.run.id === active}
            isSelected={selected.has(line.run.id)}
            onClick={open}
          />
        )
      }
    />
  );
}

/** Whether a run can still be cancelled. */
export function isOpen(run: RunRow): boolean {
  return !isFinal(run.state) && !run.cancelling;
}

function toggled(known: ReadonlySet<string>, run: string): ReadonlySet<string> {
  const next = new Set(known);
  if (!next.delete(run)) {
    next.add(run);
  }
  return next;
}

function heightOf(line: Line): number {
  return line.kind === 'day' ? DAY_PX : RUN_PX;
}

function keyOf(line: Line): string {
  return line.kind === 'day' ? line.name : line.run.id;
}

function runIndex(lines: readonly Line[], at: number): number {
  for (let index = Math.min(at, lines.length - 1); index >= 0; index -= 1) {
    const line = lines[index];
    if (line?.kind === 'run') {
      return line.index;
    }
  }
  return 0;
}
