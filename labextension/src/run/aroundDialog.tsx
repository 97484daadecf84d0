/** "Sweep around the best": the narrower space, to be changed before it is swept. */

import { Clipboard } from '@jupyterlab/apputils';
import * as React from 'react';
import type { Around, RunRow } from '../api/types';
import type { IDesk } from '../desk';
import { useShownError } from '../form/said';
import { Submission, submitted } from '../form/submission';
import { useDesk, useSignal } from '../kit/react';
import { Trouble } from '../kit/trouble';
import { commandOf } from './commandOf';

/** Ask what is to vary now, and sweep; returns the new sweep, or undefined where nobody wanted it in the end. */
export async function askAround(
  desk: IDesk,
  folder: string,
  id: string
): Promise<RunRow | undefined> {
  const { api, trans } = desk;
  const model = new AroundModel(desk, folder, id, await api.around(folder, id));
  return submitted(desk, model, {
    title: trans.__('Sweep again around the best'),
    body: <AroundFields model={model} />,
    okLabel: trans.__('Start')
  });
}

/** What was typed, and what the server said to it. */
class AroundModel extends Submission<RunRow> {
  constructor(
    private readonly _desk: IDesk,
    private readonly _folder: string,
    private readonly _run: string,
    readonly around: Around
  ) {
    super();
    this._space = around.space.replaceAll(/ (?=[^\W\d]\w*=)/gu, '\n');
    this._most = around.max_runs === null ? '' : String(around.max_runs);
  }

  /** A parameter on each line. */
  get space(): string {
    return this._space;
  }

  set space(text: string) {
    this._space = text;
    this.changed.emit();
  }

  /** How many children at most; empty for all points. */
  get most(): string {
    return this._most;
  }

  set most(text: string) {
    this._most = text;
    this.changed.emit();
  }

  /** What does the same in a shell. */
  get command(): string {
    return commandOf(this.around.command, this._space, this._most);
  }

  protected get isRight(): boolean {
    return this._space.trim() !== '';
  }

  protected send(): Promise<RunRow> {
    const most = this._most === '' ? {} : { max_runs: Number(this._most) };
    return this._desk.api.rerun(this._folder, this._run, { sweep: this._space, ...most });
  }

  private _space: string;
  private _most: string;
}

function AroundFields({ model }: { readonly model: AroundModel }): React.ReactElement {
  const { trans } = useDesk();
  useSignal(model.changed);
  const node = useShownError(model.error);
  const { around, error, isBusy } = model;
  const lines = Math.max(3, model.space.split('\n').length);
  return (
    <div ref={node} className="jp-mlrun-nb-Form" aria-busy={isBusy}>
      <Trouble error={error} />
      <p className="jp-mlrun-nb-hint">
        {trans.__(
          'A quarter of what was searched, around child #%1. Everything else stays: the function, its inputs, the strategy and its seed.',
          around.number ?? '?'
        )}
      </p>
      <label className="jp-mlrun-nb-Around">
        {trans.__('What varies')}
        <textarea
          className="jp-mlrun-nb-Input"
          rows={lines}
          spellCheck={false}
          value={model.space}
          onChange={event => {
            model.space = event.target.value;
          }}
        />
      </label>
      <label className="jp-mlrun-nb-Around">
        {trans.__('Children at most')}
        <input
          className="jp-mlrun-nb-Input"
          type="number"
          min={1}
          placeholder={trans.__('all points')}
          value={model.most}
          onChange={event => {
            model.most = event.target.value;
          }}
        />
      </label>
      <div className="jp-mlrun-nb-Around">
        {trans.__('The same in a shell')}
        <div className="jp-mlrun-nb-Around-command">
          <code>{model.command}</code>
          <button
            type="button"
            className="jp-mlrun-nb-Button"
            onClick={() => {
              Clipboard.copyToSystem(model.command);
            }}
          >
            {trans.__('Copy')}
          </button>
        </div>
      </div>
    </div>
  );
}
