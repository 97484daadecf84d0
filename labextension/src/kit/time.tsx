/** Times: how long ago at a glance, exactly on hover. */

import * as React from 'react';
import { age, exactTime, isSameDay, when } from './humane';
import { useDesk, useNow } from './react';

/** The age of `time`, kept current; its date and time are its tooltip. */
export function Ago({ time }: { readonly time: string }): React.ReactElement {
  const now = useNow(15_000);
  const then = new Date(time);
  return (
    <time dateTime={time} title={exactTime(then)}>
      {when(then, now)}
    </time>
  );
}

/** When something happened, in a sentence: `just now`, `5 min ago`, `24 Nov, 18:02`. */
export function Moment({ time }: { readonly time: string }): React.ReactElement {
  const { trans } = useDesk();
  const now = useNow(15_000);
  const then = new Date(time);
  return (
    <time dateTime={time} title={exactTime(then)}>
      {isSameDay(then, now)
        ? now.getTime() - then.getTime() < 60_000
          ? trans.__('just now')
          : trans.__('%1 ago', age(then, now))
        : then.toLocaleString([], {
            day: 'numeric',
            month: 'short',
            hour: '2-digit',
            minute: '2-digit'
          })}
    </time>
  );
}
