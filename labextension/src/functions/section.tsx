/** The functions of the project in the panel. */

import * as React from 'react';
import type { FunctionRow, Functions } from '../api/types';
import { CommandIDs } from '../commandIds';
import type { Live } from '../kit/live';
import { count } from '../kit/humane';
import { MenuButton } from '../kit/menu';
import { useDesk, useLive } from '../kit/react';
import { StateGlyph, stateWord } from '../kit/state';
import { Ago } from '../kit/time';
import { SectionTrouble } from '../kit/trouble';

/** A row for each function; a click opens its page. */
export function FunctionsList({ model }: { readonly model: Live<Functions> }): React.ReactElement {
  const { trans } = useDesk();
  const functions = useLive(model);
  if (functions === undefined) {
    return <SectionTrouble error={model.error} />;
  }
  if (functions.items.length === 0) {
    return (
      <p className="jp-mlrun-nb-empty">
        {trans.__('No function yet. Begin a cell with %1 and run it.', '%%mlrun name')}
      </p>
    );
  }
  return (
    <ul className="jp-mlrun-nb-Rows" aria-label={trans.__('Functions')}>
      {functions.items.map(row => (
        <FunctionLine key={row.name} row={row} />
      ))}
    </ul>
  );
}

function FunctionLine({ row }: { readonly row: FunctionRow }): React.ReactElement {
  const { commands, trans } = useDesk();
  const { last_run: last } = row;
  const versions = trans._n('%2 version', '%2 versions', row.versions, count(row.versions));
  return (
    <li>
      <button
        type="button"
        className="jp-mlrun-nb-Row"
        title={row.description || row.name}
        onClick={() => void commands.execute(CommandIDs.openFunction, { function: row.name })}
      >
        <StateGlyph
          state={last?.state ?? 'pending'}
          label={last === null ? trans.__('never run') : stateWord(last.state, trans)}
        />
        <span className="jp-mlrun-nb-Row-name">{row.name}</span>
        <span className="jp-mlrun-nb-when">
          {versions} · <Ago time={last?.created ?? row.updated} />
        </span>
      </button>
      <MenuButton
        className="jp-mlrun-nb-IconButton"
        label={trans.__('What can be done with %1', row.name)}
        items={() =>
          [CommandIDs.openFunction, CommandIDs.publishFunction].map(command => ({
            command,
            args: { function: row.name }
          }))
        }
      />
    </li>
  );
}
