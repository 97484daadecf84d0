/** The source of a version, piece by piece, with the cells that it came from. */

import * as React from 'react';
import type { FunctionDetail } from '../api/types';
import { CommandIDs } from '../commandIds';
import { Code } from '../kit/code';
import { useAct } from '../kit/page';
import { useDesk } from '../kit/react';
import { Block } from '../run/facts';

/** What runs, in the order in which it does. */
export function SourceTab({ detail }: { readonly detail: FunctionDetail }): React.ReactElement {
  const { trans } = useDesk();
  const act = useAct();
  const { notebook } = detail;
  const titles: Readonly<Record<string, string>> = {
    setup: trans.__('Set-up'),
    definition: trans.__('Definition'),
    parameters: trans.__('Parameters'),
    body: trans.__('Body')
  };
  return (
    <>
      {detail.source.map(({ role, text, origin }, index) => {
        const title = titles[role] ?? role;
        return (
          <Block
            key={index}
            title={
              <>
                {title}
                {origin !== null && notebook !== null && (
                  <button
                    type="button"
                    className="jp-mlrun-nb-Link"
                    onClick={() => {
                      act(CommandIDs.goToCell, { path: notebook, index: origin });
                    }}
                  >
                    {trans.__('cell %1', origin + 1)}
                  </button>
                )}
              </>
            }
          >
            <Code text={text} label={trans.__('%1, piece %2', title, index + 1)} />
          </Block>
        );
      })}
    </>
  );
}
