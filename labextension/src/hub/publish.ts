/** What is said of a function that is published, and how far that is. */

import { ApiError } from '../api/problem';
import type { PublicationDraft, PublicationState, Publish } from '../api/types';
import type { IDesk } from '../desk';
import { Submission } from '../form/submission';

/** Between two looks at how far it is. */
const LOOK_MS = 700;

/** The fields, by the names that the server has for them. */
export type PublishField =
  'name' | 'version' | 'summary' | 'categories' | 'example' | 'requirements' | 'license';

/** Filled with what is known; what is missing has to be typed. */
export class PublishModel extends Submission<PublicationState> {
  constructor(
    private readonly _desk: IDesk,
    private readonly _folder: string,
    readonly name: string,
    draft: PublicationDraft
  ) {
    super();
    this._draft = draft;
    this._texts = textsOf(draft);
  }

  get draft(): PublicationDraft {
    return this._draft;
  }

  /** How far it is; undefined until it has begun. */
  get state(): PublicationState | undefined {
    return this._state;
  }

  get push(): boolean {
    return this._push;
  }

  set push(push: boolean) {
    this._push = push;
    this.changed.emit();
  }

  text(field: PublishField): string {
    return this._texts[field];
  }

  set(field: PublishField, text: string): void {
    this._texts = { ...this._texts, [field]: text };
    this.changed.emit();
  }

  /** Whether a field must be typed and is not. */
  isMissing(field: PublishField): boolean {
    const isWanted = field === 'summary' || this._draft.missing.includes(field);
    return isWanted && this._texts[field].trim() === '';
  }

  /** Ask another source what it says; what was typed stays, the version is the next one there. */
  async choose(source: string): Promise<void> {
    const { api } = this._desk;
    this._draft = await api.hub.draft(this._folder, this.name, source);
    this._texts = { ...this._texts, version: this._draft.version };
    this.changed.emit();
  }

  protected get isRight(): boolean {
    return !(['summary', 'categories', 'example'] as const).some(each => this.isMissing(each));
  }

  protected async send(): Promise<PublicationState> {
    const { api } = this._desk;
    this._state = await api.hub.publish(this._folder, this.name, this._body());
    this.changed.emit();
    while (this._state.stage === 'trying' || this._state.stage === 'giving') {
      await new Promise(done => setTimeout(done, LOOK_MS));
      this._state = await api.hub.publication(this._folder, this.name);
      this.changed.emit();
    }
    if (this._state.stage !== 'published') {
      throw new ApiError(this._state.error, this._state.hint, 0);
    }
    return this._state;
  }

  private _body(): Publish {
    const { name, version, summary, categories, example, requirements, license } = this._texts;
    return {
      source: this._draft.source,
      name: name.trim(),
      version: version.trim(),
      summary: summary.trim(),
      categories: partsOf(categories),
      requirements: partsOf(requirements),
      license: license.trim(),
      example: example.trim(),
      push: this._push
    };
  }

  private _draft: PublicationDraft;
  private _texts: Readonly<Record<PublishField, string>>;
  private _push = false;
  private _state: PublicationState | undefined;
}

function textsOf(draft: PublicationDraft): Readonly<Record<PublishField, string>> {
  const { name, version, summary, requirements } = draft;
  return {
    name,
    version,
    summary,
    categories: '',
    example: '',
    requirements: requirements.join(', '),
    license: ''
  };
}

function partsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map(part => part.trim())
    .filter(Boolean);
}
