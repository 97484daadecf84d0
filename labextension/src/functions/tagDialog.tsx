/** "Move tag": which tag is to stand on a version, one that there is or a new one. */

import * as React from 'react';
import type { VersionRow } from '../api/types';
import type { IDesk } from '../desk';
import { Labelled } from '../form/fields';
import { saidOf, useShownError } from '../form/said';
import { Submission, submitted } from '../form/submission';
import { shortHash } from '../kit/humane';
import { useDesk, useSignal } from '../kit/react';
import { Trouble } from '../kit/trouble';

/** The version, and the tags that other versions of its function have. */
export interface ITagMove {
  readonly name: string;
  readonly version: VersionRow;
  readonly others: readonly string[];
}

/** Ask for a tag and move it. */
export async function askTag(desk: IDesk, move: ITagMove): Promise<void> {
  const { trans } = desk;
  const model = new TagMove(desk, move);
  await submitted(desk, model, {
    title: trans.__('Move a tag to version %1', shortHash(move.version.hash)),
    body: <TagField model={model} others={move.others} />,
    okLabel: trans.__('Move')
  });
}

class TagMove extends Submission<VersionRow> {
  constructor(
    private readonly _desk: IDesk,
    private readonly _move: ITagMove
  ) {
    super();
  }

  /** The tag as it was typed. */
  get tag(): string {
    return this._tag;
  }

  set tag(tag: string) {
    this._tag = tag;
    this.changed.emit();
  }

  /** The tag that was asked for last: what an error is about. */
  get asked(): string {
    return this._asked;
  }

  protected get isRight(): boolean {
    return this._tag.trim() !== '';
  }

  protected send(): Promise<VersionRow> {
    const { api, place } = this._desk;
    const { name, version } = this._move;
    this._asked = this._tag.trim();
    return api.moveTag(place.folder, name, this._asked, version.hash);
  }

  private _tag = '';
  private _asked = '';
}

function TagField({
  model,
  others
}: {
  readonly model: TagMove;
  readonly others: readonly string[];
}): React.ReactElement {
  const { trans } = useDesk();
  useSignal(model.changed);
  const { tag, asked, error, isBusy, isTried } = model;
  const missing = isTried && tag.trim() === '' ? trans.__('Type a tag, such as `prod`.') : '';
  const said = saidOf(error, [asked])[asked];
  const node = useShownError(error ?? (missing || undefined));
  return (
    <div ref={node} className="jp-mlrun-nb-Form" aria-busy={isBusy}>
      {said === undefined && missing === '' && <Trouble error={error} />}
      <Labelled label={trans.__('Tag')} wrong={said ?? missing}>
        {ids => (
          <input
            {...ids}
            className="jp-mlrun-nb-Input"
            type="text"
            spellCheck={false}
            placeholder={trans.__('e.g. %1', 'prod')}
            value={tag}
            onChange={event => {
              model.tag = event.target.value;
            }}
          />
        )}
      </Labelled>
      {others.length > 0 && <OtherTags model={model} others={others} />}
    </div>
  );
}

/** The tags that can be taken from another version by a click. */
function OtherTags({
  model,
  others
}: {
  readonly model: TagMove;
  readonly others: readonly string[];
}): React.ReactElement {
  const { trans } = useDesk();
  const id = React.useId();
  return (
    <div className="jp-mlrun-nb-Field">
      <span id={id} className="jp-mlrun-nb-hint">
        {trans.__('On other versions')}
      </span>
      <div className="jp-mlrun-nb-Chips" role="group" aria-labelledby={id}>
        {others.map(other => (
          <button
            key={other}
            type="button"
            className="jp-mlrun-nb-Chip"
            aria-pressed={model.tag === other}
            onClick={() => {
              model.tag = other;
            }}
          >
            {other}
          </button>
        ))}
      </div>
    </div>
  );
}
