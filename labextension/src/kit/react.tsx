/** What the React parts share: signals as state, the time, the desk. */

import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import * as React from 'react';
import type { IDesk } from '../desk';
import type { Live } from './live';
import { Sight } from './sight';

const DeskContext = React.createContext<IDesk | null>(null);

/** Gives the desk to everything below. */
export const DeskProvider = DeskContext.Provider;

/** The desk. */
export function useDesk(): IDesk {
  const desk = React.useContext(DeskContext);
  if (desk === null) {
    throw new Error('A view was drawn without its desk.');
  }
  return desk;
}

/** Draw again whenever `signal` is emitted. */
export function useSignal<T>(signal: ISignal<unknown, T>): void {
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  React.useEffect(() => {
    const slot = (): void => {
      redraw();
    };
    signal.connect(slot);
    return () => {
      signal.disconnect(slot);
    };
  }, [signal]);
}

/** Keep `live` current while this is drawn, and draw again whenever it is another. */
export function useLive<T>(live: Live<T>): T | undefined {
  useSignal(live.changed);
  React.useEffect(() => {
    const held = live.hold();
    return () => {
      held.dispose();
    };
  }, [live]);
  return live.value;
}

/** What all views of a page share. */
const sight = new Sight();

/** The same while `node` can be seen, not only drawn: in a hidden panel, or above the edge, nothing is asked for. */
export function useLiveInSight<T>(live: Live<T>, node: React.RefObject<Element>): T | undefined {
  useSignal(live.changed);
  React.useEffect(() => {
    const element = node.current;
    if (element === null) {
      return;
    }
    let held: IDisposable | undefined;
    sight.watch(element, isSeen => {
      held?.dispose();
      held = isSeen ? live.hold() : undefined;
    });
    return () => {
      sight.leave(element);
      held?.dispose();
    };
  }, [live, node]);
  return live.value;
}

/** The time now, every `everyMs`; the page's clock is asked once for all who need it so often. */
export function useNow(everyMs: number): Date {
  const [now, setNow] = React.useState(() => new Date());
  React.useEffect(() => {
    const timer = setInterval(() => {
      setNow(new Date());
    }, everyMs);
    return () => {
      clearInterval(timer);
    };
  }, [everyMs]);
  return now;
}
