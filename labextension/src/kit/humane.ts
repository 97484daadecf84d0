/** Numbers, times and names as people say them; the same words as the command line's. */

import type { TranslationBundle } from '@jupyterlab/translation';
import type { HubPlace } from '../api/types';

/** A length of time in its two largest units: `12 ms`, `1.1 s`, `1 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(seconds: number): string {
  if (seconds < 0.0995) {
    return `${Math.round(Math.max(0, seconds) * 1000)} ms`;
  }
  if (seconds < 59.95) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  const units = [
    ['d', 86400, 'h', 3600],
    ['h', 3600, 'min', 60],
    ['min', 60, 's', 1]
  ] as const;
  for (const [unit, size, lesser, lesserSize] of units) {
    if (whole >= size) {
      const rest = Math.floor((whole % size) / lesserSize);
      const major = `${Math.floor(whole / size)} ${unit}`;
      return rest > 0 ? `${major} ${rest} ${lesser}` : major;
    }
  }
  return `${whole} s`;
}

/** A running time as a clock shows it: `0:42`, `1:02:03`. */
export function clockTime(seconds: number): string {
  const whole = Math.floor(Math.max(0, seconds));
  const [hours, minutes, rest] = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60,
    String(whole % 60).padStart(2, '0')
  ];
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** A number of bytes: `512 B`, `1.2 MiB`, `14 GiB`. */
export function size(bytes: number): string {
  if (bytes < 1024) {
    return `${Math.round(bytes)} B`;
  }
  let number = bytes;
  for (const unit of ['KiB', 'MiB', 'GiB', 'TiB']) {
    number /= 1024;
    if (number < 1023.95 || unit === 'TiB') {
      return number < 9.95 ? `${number.toFixed(1)} ${unit}` : `${number.toFixed(0)} ${unit}`;
    }
  }
  return '';
}

// made once: to make one takes longer than to draw a row
const CLOCK = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', hour12: false });
const EXACT = new Intl.DateTimeFormat([], { dateStyle: 'full', timeStyle: 'medium' });

/** How long ago `then` was, in its largest unit: `8 s`, `31 min`, `5 h`, `12 d`. */
export function age(then: Date, now: Date): string {
  const seconds = Math.max(0, (now.getTime() - then.getTime()) / 1000);
  for (const [unit, length] of [
    ['d', 86400],
    ['h', 3600],
    ['min', 60]
  ] as const) {
    if (seconds >= length) {
      return `${Math.floor(seconds / length)} ${unit}`;
    }
  }
  return `${Math.floor(seconds)} s`;
}

/** The age of what happened today, the time of day of what did not. */
export function when(then: Date, now: Date): string {
  return startOfDay(then) >= startOfDay(now) ? age(then, now) : CLOCK.format(then);
}

/** What people call the day of `then`. */
export function dayName(then: Date, now: Date, trans: TranslationBundle): string {
  const days = Math.round((startOfDay(now) - startOfDay(then)) / 86_400_000);
  if (days <= 0) {
    return trans.__('Today');
  }
  if (days === 1) {
    return trans.__('Yesterday');
  }
  const year = then.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const };
  return then.toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long', ...year });
}

/** Date and time to the second, for a tooltip. */
export function exactTime(then: Date): string {
  return EXACT.format(then);
}

/** A whole number with its thousands apart. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** A hash or an id, as people quote it. */
export function shortHash(hash: string): string {
  return hash.slice(0, 7);
}

/** An item of a hub as people write it. */
export function hubAddress({ source, name, version }: HubPlace): string {
  return `hub://${source}/${name}@${version}`;
}

/** Whether both are times of one day, here. */
export function isSameDay(one: Date, other: Date): boolean {
  return startOfDay(one) === startOfDay(other);
}

function startOfDay(time: Date): number {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
}
