/** What the shapes on the charts mean; those that are on them. */

import * as React from 'react';
import { useDesk } from '../../kit/react';
import type { Kind, Landscape } from './landscape';

const SHAPES: Readonly<Record<Kind | 'best', React.ReactElement>> = {
  best: <circle cx="7" cy="7" r="5" />,
  good: <circle cx="7" cy="7" r="3.2" />,
  pruned: <path d="M2.8 3.8h8.4L7 11z" />,
  failed: <path d="M3.5 3.5l7 7M10.5 3.5l-7 7" />,
  open: <circle cx="7" cy="7" r="3" />
};

export function Legend({ landscape }: { readonly landscape: Landscape }): React.ReactElement {
  const { trans } = useDesk();
  const { dots } = landscape;
  const words = {
    best: trans.__('best'),
    good: trans.__('a child'),
    pruned: trans.__('pruned'),
    failed: trans.__('failed'),
    open: trans.__('under way')
  };
  const has = (kind: Kind): boolean => dots.some(dot => dot.kind === kind);
  const kinds: readonly (Kind | 'best')[] = [
    ...(dots.some(({ isBest }) => isBest) ? (['best'] as const) : []),
    ...(['good', 'pruned', 'failed', 'open'] as const).filter(has)
  ];
  return (
    <ul className="jp-mlrun-nb-Legend">
      {kinds.map(kind => (
        <li key={kind}>
          <svg className={`jp-mod-${kind}`} viewBox="0 0 14 14" aria-hidden>
            {SHAPES[kind]}
          </svg>
          {words[kind]}
        </li>
      ))}
    </ul>
  );
}
