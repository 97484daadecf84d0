/** A part of the panel below its heading, folded away with a click. */

import * as React from 'react';
import { count } from './humane';

/** What a section is called, how many things are in it, and whether it is open. */
export interface ISectionProps {
  readonly title: string;
  readonly number?: number | undefined;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  /** Buttons at the right of the heading. */
  readonly tools?: React.ReactNode;
  readonly className?: string;
  readonly children: React.ReactNode;
}

/** Its heading is a button that opens and closes it; what it opens comes into sight. */
export function Section(props: ISectionProps): React.ReactElement {
  const { title, number, isOpen, onToggle, tools, className, children } = props;
  const id = React.useId();
  const node = React.useRef<HTMLElement>(null);
  const wasOpen = React.useRef(isOpen);
  React.useEffect(() => {
    if (isOpen && !wasOpen.current) {
      node.current?.scrollIntoView({ block: 'nearest' });
    }
    wasOpen.current = isOpen;
  }, [isOpen]);
  return (
    <section
      ref={node}
      className={`jp-mlrun-nb-Section ${isOpen ? 'jp-mod-open' : ''} ${className ?? ''}`}
      aria-labelledby={id}
    >
      <header>
        <h2 id={id}>
          <button type="button" aria-expanded={isOpen} onClick={onToggle}>
            <svg viewBox="0 0 16 16" aria-hidden className="jp-mlrun-nb-Section-caret">
              <path d="M6 4l4 4-4 4" fill="none" stroke="currentColor" strokeWidth="1.6" />
            </svg>
            {title}
            {number !== undefined && (
              <span className="jp-mlrun-nb-Section-number">{count(number)}</span>
            )}
          </button>
        </h2>
        {isOpen && <span className="jp-mlrun-nb-Section-tools">{tools}</span>}
      </header>
      {isOpen && <div className="jp-mlrun-nb-Section-body">{children}</div>}
    </section>
  );
}
