/** What the pages of the main area share: a desk for one folder, and whether they are seen. */

import { ReactWidget } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Message } from '@lumino/messaging';
import { Signal, type ISignal } from '@lumino/signaling';
import * as React from 'react';
import type { IDesk } from '../desk';
import { Place } from '../place';
import { DeskProvider, useDesk, useSignal } from './react';
import { Seen } from './seen';
import { Unread } from './trouble';
import { Watched } from './watched';

const SeenContext = React.createContext<Seen | null>(null);

/** A page is of the folder in which it was opened, wherever people work later. */
export abstract class Page extends ReactWidget {
  constructor(desk: IDesk, folder: string) {
    super();
    this.addClass('jp-mlrun-nb-Page');
    const place = new Place();
    place.goTo(folder);
    this.desk = { ...desk, place };
  }

  /** The desk, with the page's own place. */
  readonly desk: IDesk;

  get folder(): string {
    return this.desk.place.folder;
  }

  /** Emitted when what is to be restored after a reload has changed. */
  get moved(): ISignal<this, void> {
    return this._moved;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.seen.set(false);
      super.dispose();
      Signal.clearData(this);
    }
  }

  protected readonly seen = new Seen();

  protected move(): void {
    this._moved.emit();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.seen.set(this.isVisible);
  }

  protected override onAfterShow(): void {
    this.seen.set(true);
  }

  protected override onAfterHide(): void {
    this.seen.set(false);
  }

  protected override render(): React.ReactElement {
    return (
      <DeskProvider value={this.desk}>
        <SeenContext.Provider value={this.seen}>{this.draw()}</SeenContext.Provider>
      </DeskProvider>
    );
  }

  /** What is on it. */
  protected abstract draw(): React.ReactElement;

  private readonly _moved = new Signal<this, void>(this);
}

/** Whether the page below which this is drawn is seen. */
export function useSeen(): Seen {
  const seen = React.useContext(SeenContext);
  if (seen === null) {
    throw new Error('A view was drawn outside of a page.');
  }
  return seen;
}

/** What was answered, why it was not, and a way to ask again. */
export type Answer<T> = {
  readonly value: T | undefined;
  readonly error: unknown;
  readonly refresh: () => void;
};

/**
 * What `ask` answers, kept current while the page is seen and this is drawn; asked anew when `key` is another one.
 *
 * @param everyMs how often also without a change; undefined where that is not needed
 * @param restMs how long to rest between two readings after changes; 400 ms where it is left out
 */
export function useAnswer<T>(
  key: string,
  ask: (folder: string, signal: AbortSignal) => Promise<T>,
  everyMs?: number,
  restMs?: number
): Answer<T> {
  const { changes, place } = useDesk();
  const seen = useSeen();
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  const kept = React.useRef<{ readonly key: string; readonly watched: Watched<T> }>();
  const asked = React.useRef(ask);
  asked.current = ask;
  const every = React.useRef(everyMs);
  every.current = everyMs;
  React.useEffect(() => {
    const watched = new Watched<T>({
      changes,
      seen,
      ask: signal => asked.current(place.folder, signal),
      everyMs: () => every.current,
      ...(restMs !== undefined && { restMs })
    });
    kept.current = { key, watched };
    watched.changed.connect(redraw);
    return () => {
      watched.dispose();
    };
  }, [key]);
  const watched = kept.current?.key === key ? kept.current.watched : undefined;
  return {
    value: watched?.value,
    error: watched?.error,
    refresh: () => watched?.refresh()
  };
}

/** Draws what `of` has; until it was read, that it is being read, or why that came to nothing. */
export function Read<T>({
  of: watched,
  children
}: {
  readonly of: Watched<T>;
  readonly children: (value: T) => React.ReactElement;
}): React.ReactElement {
  useSignal(watched.changed);
  if (watched.value === undefined) {
    return (
      <Unread
        error={watched.error}
        onRetry={() => {
          watched.refresh();
        }}
      />
    );
  }
  return <>{children(watched.value)}</>;
}

/** Runs a command for what is on this page: of the page's own folder. */
export function useAct(): (command: string, args?: ReadonlyPartialJSONObject) => void {
  const { commands, place } = useDesk();
  return (command, args = {}) => {
    void commands.execute(command, { folder: place.folder, ...args });
  };
}
