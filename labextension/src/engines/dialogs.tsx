/** The dialogs that begin a Dask cluster and give it another number of workers. */

import * as React from 'react';
import type { ClusterRow } from '../api/types';
import type { IDesk } from '../desk';
import { Labelled } from '../form/fields';
import { saidOf, useShownError } from '../form/said';
import { Submission, submitted } from '../form/submission';
import { useDesk, useSignal } from '../kit/react';
import { Trouble } from '../kit/trouble';
import { wanted, wouldForce } from './model';

/** What was typed, and why it was refused although it could be forced. */
export type Refused = { readonly workers: string; readonly error: unknown };

/** Ask what a cluster is to be like, and begin it. */
export async function askBegin(desk: IDesk): Promise<void> {
  const model = new BeginModel(desk);
  await submitted(desk, model, {
    title: desk.trans.__('Start a Dask cluster'),
    body: <BeginFields model={model} />,
    okLabel: desk.trans.__('Start')
  });
}

/** Ask how many workers it is to have, and scale it; returns what was refused for the sake of runs. */
export async function askScale(desk: IDesk, cluster: ClusterRow): Promise<Refused | undefined> {
  const model = new ScaleModel(desk, cluster);
  const done = await submitted(desk, model, {
    title: desk.trans.__('Scale cluster %1', cluster.name),
    body: <ScaleFields model={model} />,
    okLabel: desk.trans.__('Scale')
  });
  return done?.refused;
}

/** The fields of a new cluster; what is left empty is as the project says, or suits the machine. */
type Field = 'workers' | 'threads' | 'idle';

/** By which name the server calls a field when something is wrong with it. */
const OPTIONS: Readonly<Record<Field, string>> = {
  workers: 'dask-workers',
  threads: 'threads',
  idle: 'dask-idle-timeout'
};

class BeginModel extends Submission<ClusterRow> {
  constructor(private readonly _desk: IDesk) {
    super();
  }

  text(field: Field): string {
    return this._texts[field];
  }

  set(field: Field, text: string): void {
    this._texts = { ...this._texts, [field]: text };
    this.changed.emit();
  }

  protected readonly isRight = true;

  protected send(): Promise<ClusterRow> {
    const { api, place } = this._desk;
    const { workers, threads, idle } = this._texts;
    return api.beginCluster(place.folder, {
      ...(workers.trim() && { workers: workers.trim() }),
      ...(threads.trim() && { threads: Number(threads) }),
      ...(idle.trim() && { idle_timeout: idle.trim() })
    });
  }

  private _texts: Readonly<Record<Field, string>> = { workers: '', threads: '', idle: '' };
}

class ScaleModel extends Submission<{ readonly refused?: Refused }> {
  constructor(
    private readonly _desk: IDesk,
    readonly cluster: ClusterRow
  ) {
    super();
    this._workers = wanted(cluster);
  }

  get workers(): string {
    return this._workers;
  }

  set workers(text: string) {
    this._workers = text;
    this.changed.emit();
  }

  protected get isRight(): boolean {
    return this._workers.trim() !== '';
  }

  protected async send(): Promise<{ readonly refused?: Refused }> {
    const { api, place } = this._desk;
    const workers = this._workers.trim();
    try {
      await api.scaleCluster(place.folder, this.cluster.on, { name: this.cluster.name, workers });
      return {};
    } catch (error) {
      if (wouldForce(error)) {
        return { refused: { workers, error } };
      }
      throw error;
    }
  }

  private _workers: string;
}

function BeginFields({ model }: { readonly model: BeginModel }): React.ReactElement {
  const { trans } = useDesk();
  useSignal(model.changed);
  const node = useShownError(model.error);
  const said = saidOf(model.error, Object.values(OPTIONS));
  const isSaid = Object.keys(said).length > 0;
  const fields: readonly (readonly [Field, string, string])[] = [
    ['workers', trans.__('Workers'), trans.__('as suits the cores')],
    ['threads', trans.__('Slots of each'), trans.__('as suits the cores')],
    ['idle', trans.__('Ends after'), trans.__('10m without runs')]
  ];
  return (
    <div ref={node} className="jp-mlrun-nb-Form" aria-busy={model.isBusy}>
      {!isSaid && <Trouble error={model.error} />}
      {fields.map(([field, label, placeholder]) => (
        <Labelled key={field} label={label} wrong={said[OPTIONS[field]] ?? ''}>
          {ids => (
            <input
              {...ids}
              className="jp-mlrun-nb-Input"
              type={field === 'threads' ? 'number' : 'text'}
              min={1}
              placeholder={placeholder}
              spellCheck={false}
              value={model.text(field)}
              onChange={event => {
                model.set(field, event.target.value);
              }}
            />
          )}
        </Labelled>
      ))}
      <Progress isBusy={model.isBusy} words={trans.__('It is starting…')}>
        {trans.__(
          'Runs on the engine dask go there. It outlives this page and your notebooks, and ends by itself.'
        )}
      </Progress>
    </div>
  );
}

function ScaleFields({ model }: { readonly model: ScaleModel }): React.ReactElement {
  const { trans } = useDesk();
  useSignal(model.changed);
  const node = useShownError(model.error);
  const { runs } = model.cluster;
  const said = saidOf(model.error, [OPTIONS.workers])[OPTIONS.workers] ?? '';
  return (
    <div ref={node} className="jp-mlrun-nb-Form" aria-busy={model.isBusy}>
      {said === '' && <Trouble error={model.error} />}
      <Labelled label={trans.__('Workers')} wrong={said}>
        {ids => (
          <input
            {...ids}
            className="jp-mlrun-nb-Input"
            type="text"
            spellCheck={false}
            value={model.workers}
            onChange={event => {
              model.workers = event.target.value;
            }}
          />
        )}
      </Labelled>
      <Progress isBusy={model.isBusy} words={trans.__('Workers come and go…')}>
        {runs === 0
          ? trans.__('It has no runs.')
          : trans._n(
              'It has %1 run. Fewer workers may make it fail; you are asked before.',
              'It has %1 runs. Fewer workers may make some of them fail; you are asked before.',
              runs
            )}
      </Progress>
    </div>
  );
}

/** What there is to know before, and that it is being done. */
function Progress({
  isBusy,
  words,
  children
}: {
  readonly isBusy: boolean;
  readonly words: string;
  readonly children: React.ReactNode;
}): React.ReactElement {
  return (
    <p className="jp-mlrun-nb-hint" role="status">
      {isBusy ? words : children}
    </p>
  );
}
