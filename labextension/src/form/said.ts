/** Which field a server's error is about. */

import * as React from 'react';
import { ApiError } from '../api/problem';

/** An error by the name of its field, where it names one in backticks, quotes or as an option; nothing where it does not. */
export function saidOf(error: unknown, names: readonly string[]): Readonly<Record<string, string>> {
  if (!(error instanceof Error)) {
    return {};
  }
  const found = names.find(name =>
    new RegExp(`[\`'"]${escaped(name)}[\`'"=]|--${escaped(name)}\\b`).test(error.message)
  );
  if (found === undefined) {
    return {};
  }
  const hint = error instanceof ApiError ? error.hint : '';
  // The class of the error says nothing beside the field.
  const words = [error.message.replace(/^\w+: /, ''), hint].filter(part => part !== '');
  return { [found]: words.map(part => (/[.!?]$/.test(part) ? part : `${part}.`)).join(' ') };
}

/** Brings what is wrong in a form into sight when `error` is a new one; returns the reference for the form's element. */
export function useShownError<T extends HTMLElement = HTMLDivElement>(
  error: unknown
): React.RefObject<T> {
  const node = React.useRef<T>(null);
  React.useEffect(() => {
    if (error === undefined) {
      return;
    }
    const wrong = node.current?.querySelector<HTMLElement>('.jp-mod-wrong [aria-invalid]');
    const fold = wrong?.closest('details');
    if (fold) {
      fold.open = true;
    }
    wrong?.focus();
    (wrong ?? node.current?.querySelector('[role=alert]'))?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  return node;
}

function escaped(text: string): string {
  return text.replace(/[^\w-]/g, '\\$&');
}
