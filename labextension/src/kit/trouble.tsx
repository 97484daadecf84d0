/** Something went wrong: what, and what to do about it. */

import * as React from 'react';
import { ApiError } from '../api/problem';
import { Prose } from './prose';
import { useDesk, useSignal } from './react';

/** An error as a person reads it; nothing where there is none. */
export function Trouble({
  error,
  children
}: {
  readonly error: unknown;
  readonly children?: React.ReactNode;
}): React.ReactElement | null {
  if (error === undefined || error === null) {
    return null;
  }
  const message = error instanceof Error ? error.message : 'Something went wrong';
  const hint = error instanceof ApiError ? error.hint : '';
  return (
    <div className="jp-mlrun-nb-Trouble" role="alert">
      <p>
        <Prose text={message} />
      </p>
      {hint && (
        <p className="jp-mlrun-nb-hint">
          <Prose text={hint} />
        </p>
      )}
      {children}
    </div>
  );
}

/** An error of one section; not where the server itself is in trouble, which the panel says above all of them. */
export function SectionTrouble({ error }: { readonly error: unknown }): React.ReactElement | null {
  const { status } = useDesk();
  useSignal(status.changed);
  return status.error === undefined ? <Trouble error={error} /> : null;
}

/** In place of a page that was not read yet: that it is being read, or why that came to nothing. */
export function Unread({
  error,
  onRetry
}: {
  readonly error: unknown;
  readonly onRetry: () => void;
}): React.ReactElement {
  const { trans } = useDesk();
  if (error === undefined) {
    return (
      <p className="jp-mlrun-nb-empty" role="status">
        {trans.__('Reading…')}
      </p>
    );
  }
  return (
    <Trouble error={error}>
      <button type="button" className="jp-mlrun-nb-Button" onClick={onRetry}>
        {trans.__('Try again')}
      </button>
    </Trouble>
  );
}
