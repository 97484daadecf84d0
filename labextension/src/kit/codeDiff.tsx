/** Two texts of code beside each other; what did not change is left out. */

import * as React from 'react';
import type { CodeDiff } from '../api/types';
import { folded } from './folded';
import { useDesk } from './react';

/** All pieces of code that differ. */
export function CodeDiffs({ code }: { readonly code: readonly CodeDiff[] }): React.ReactElement {
  return (
    <>
      {code.map((diff, index) => (
        <CodeDiffView key={index} diff={diff} />
      ))}
    </>
  );
}

function CodeDiffView({ diff }: { readonly diff: CodeDiff }): React.ReactElement {
  const { trans } = useDesk();
  const [open, setOpen] = React.useState<ReadonlySet<number>>(new Set());
  const rows = folded(diff.lines, open);
  return (
    <section className="jp-mlrun-nb-Diff">
      <h3>
        {diff.title}
        {diff.comments_only && <span> {trans.__('only comments and layout')}</span>}
      </h3>
      <div
        className="jp-mlrun-nb-Diff-lines"
        role="region"
        tabIndex={0}
        aria-label={trans.__('Changes of %1', diff.title)}
      >
        <table>
          <colgroup>
            <col className="jp-mod-number" />
            <col />
            <col className="jp-mod-number" />
            <col />
          </colgroup>
          <tbody>
            {rows.map(row =>
              'gap' in row ? (
                <tr key={`gap-${row.from}`} className="jp-mod-gap">
                  <td colSpan={4}>
                    {row.from < 0 ? (
                      trans.__('⋯')
                    ) : (
                      <button
                        type="button"
                        className="jp-mlrun-nb-Link"
                        onClick={() => {
                          setOpen(new Set([...open, row.from]));
                        }}
                      >
                        {trans._n('⋯ %1 equal line', '⋯ %1 equal lines', row.gap)}
                      </button>
                    )}
                  </td>
                </tr>
              ) : (
                <tr
                  key={`${row.old_number ?? ''}-${row.new_number ?? ''}`}
                  className={`jp-mod-${row.kind}`}
                >
                  <td className="jp-mod-number">{row.old_number}</td>
                  <td className="jp-mod-old">{row.old}</td>
                  <td className="jp-mod-number">{row.new_number}</td>
                  <td className="jp-mod-new">{row.new}</td>
                </tr>
              )
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}
