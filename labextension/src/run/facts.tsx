/** Names and values below a heading, as the overview shows them. */

import * as React from 'react';

/** A heading and what belongs to it. */
export function Block({
  title,
  className = '',
  children
}: {
  readonly title: React.ReactNode;
  readonly className?: string;
  readonly children: React.ReactNode;
}): React.ReactElement {
  const id = React.useId();
  return (
    <section className={`jp-mlrun-nb-Block ${className}`} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

/** What is folded away until somebody wants it. */
export function Fold({
  title,
  children
}: {
  readonly title: string;
  readonly children: React.ReactNode;
}): React.ReactElement {
  return (
    <details className="jp-mlrun-nb-Fold">
      <summary>{title}</summary>
      {children}
    </details>
  );
}

/** One row: a name, and whatever is to be said of it. */
export type Fact = {
  readonly name: string;
  readonly value: React.ReactNode;
  readonly isQuiet?: boolean;
};

/** Names at the left, values at the right in the code's font. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): React.ReactElement {
  return (
    <dl className="jp-mlrun-nb-List">
      {facts.map(({ name, value, isQuiet }) => (
        <div key={name} className={isQuiet ? 'jp-mod-quiet' : undefined}>
          <dt title={name}>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
