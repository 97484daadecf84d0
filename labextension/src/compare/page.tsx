/** Runs beside each other, as a page. */

import { tableRowsIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IDesk } from '../desk';
import { Page } from '../kit/page';
import { CompareView } from './view';

/** So many the server compares. */
export const MOST = 20;

/** The runs that are compared, in their order. */
export class ComparePage extends Page {
  constructor(desk: IDesk, folder: string, runs: readonly string[]) {
    super(desk, folder);
    this.addClass('jp-mlrun-nb-ComparePage');
    this.title.icon = tableRowsIcon;
    this.title.closable = true;
    this._take(runs);
  }

  get runs(): readonly string[] {
    return this._runs;
  }

  protected override draw(): React.ReactElement {
    return (
      <CompareView
        runs={this._runs}
        onRuns={runs => {
          this._take(runs);
          this.move();
          this.update();
        }}
      />
    );
  }

  private _take(runs: readonly string[]): void {
    const { trans } = this.desk;
    this._runs = [...new Set(runs)].slice(0, MOST);
    this.title.label = trans._n('Compare %1 run', 'Compare %1 runs', this._runs.length);
  }

  private _runs: readonly string[] = [];
}
