/** The functions of the open notebook in the panel. */

import * as React from 'react';
import type { FunctionCell } from '../api/types';
import { CommandIDs } from '../commandIds';
import { shortHash } from '../kit/humane';
import { useDesk, useSignal } from '../kit/react';
import { StateGlyph, stateWord } from '../kit/state';
import { SectionTrouble } from '../kit/trouble';
import type { NotebookModel } from './model';

/** A row for each `%%mlrun` cell: click goes to the cell, the button runs it. */
export function ThisNotebook({ model }: { readonly model: NotebookModel }): React.ReactElement {
  const { trans, commands } = useDesk();
  useSignal(model.changed);
  if (model.panel === null) {
    return <p className="jp-mlrun-nb-empty">{trans.__('Open a notebook to see its functions.')}</p>;
  }
  if (model.cells === undefined || model.error !== undefined) {
    return <SectionTrouble error={model.error} />;
  }
  if (model.cells.length === 0) {
    return (
      <div className="jp-mlrun-nb-empty">
        <p>{trans.__('This notebook has no function yet.')}</p>
        <button
          type="button"
          className="jp-mlrun-nb-Button"
          onClick={() => void commands.execute(CommandIDs.makeFunction)}
        >
          {trans.__('Make the selected cell a function…')}
        </button>
      </div>
    );
  }
  return (
    <ul className="jp-mlrun-nb-Rows" aria-label={trans.__('Functions of this notebook')}>
      {model.cells.map(cell => (
        <CellLine key={cell.id || cell.index} cell={cell} />
      ))}
    </ul>
  );
}

function CellLine({ cell }: { readonly cell: FunctionCell }): React.ReactElement {
  const { commands, trans } = useDesk();
  const { index, name, standing, last_run: last, problem, hint } = cell;
  const title = problem ? `${problem}. ${hint}` : trans.__('Go to the cell of %1', name);
  return (
    <li className={`jp-mod-${standing}`}>
      <button
        type="button"
        className="jp-mlrun-nb-Row"
        title={title}
        onClick={() => void commands.execute(CommandIDs.goToCell, { index })}
      >
        <StateGlyph
          state={standing === 'broken' ? 'failed' : (last?.state ?? 'pending')}
          label={last === null ? trans.__('never run') : stateWord(last.state, trans)}
        />
        <span className="jp-mlrun-nb-Row-name">
          {name || trans.__('cell %1', index + 1)}
          {standing === 'edited' && <i className="jp-mlrun-nb-dot" aria-hidden />}
        </span>
        <span className="jp-mlrun-nb-when">{standingWords(cell, trans)}</span>
      </button>
      <button
        type="button"
        className="jp-mlrun-nb-IconButton"
        title={trans.__('Run %1', name)}
        aria-label={trans.__('Run %1', name)}
        disabled={standing === 'broken'}
        onClick={() => void commands.execute(CommandIDs.runCell, { index })}
      >
        <svg viewBox="0 0 16 16" aria-hidden>
          <path d="M4.5 3l8 5-8 5z" fill="currentColor" />
        </svg>
      </button>
    </li>
  );
}

function standingWords(
  { standing, version, problem }: FunctionCell,
  trans: ReturnType<typeof useDesk>['trans']
): string {
  switch (standing) {
    case 'new':
      return trans.__('never run');
    case 'unchanged':
      return trans.__('unchanged');
    case 'edited':
      return trans.__('edited since %1', shortHash(version ?? '').slice(0, 4));
    case 'broken':
      return problem;
  }
}
