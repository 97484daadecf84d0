/** What stands in the form of a run: parameters, where it runs, and options; only what was changed is sent. */

import type { ReadonlyJSONValue } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';
import type { Field, ParameterRow } from '../api/types';
import {
  isEmpty,
  meansNone,
  optionValue,
  shapeOf,
  typedText,
  typedValue,
  type Typed,
  type Wrong
} from './values';

/** The fields, and what stands in them at first. */
export interface IRunFormOptions {
  readonly parameters: readonly ParameterRow[];
  /** What a parameter is as text; of the others its default stands there. */
  readonly given?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, string>>;
  readonly on?: string;
}

/** What goes to the server. */
export type RunAsked = {
  readonly parameters: Readonly<Record<string, ReadonlyJSONValue>>;
  readonly options: Readonly<Record<string, ReadonlyJSONValue>>;
  readonly on: string | null;
};

/** Texts by the names of their fields. */
export class RunForm {
  constructor(options: IRunFormOptions) {
    this.parameters = options.parameters;
    for (const parameter of options.parameters) {
      const given = options.given?.[parameter.name];
      const { default: value } = parameter.schema;
      const shape = shapeOf(parameter.schema);
      const text =
        given !== undefined
          ? shape.kind === 'choice' || shape.kind === 'flag'
            ? chosen(given, shape)
            : meansNone(shape) && given === 'null'
              ? ''
              : given
          : value === undefined
            ? shape.kind === 'flag'
              ? 'false'
              : ''
            : typedText(value, shape);
      this._begin.set(parameter.name, text);
      this._isGiven.set(parameter.name, given !== undefined || value !== undefined);
    }
    this._options = { ...options.options };
    this._beginOptions = { ...options.options };
    this._on = this._beginOn = options.on ?? '';
    this._texts = new Map(this._begin);
  }

  readonly parameters: readonly ParameterRow[];

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  text(name: string): string {
    return this._texts.get(name) ?? '';
  }

  /** What an option is while its field is empty. */
  usualOption(name: string): string {
    return this._beginOptions[name] ?? '';
  }

  option(name: string): string {
    return this._options[name] ?? '';
  }

  get on(): string {
    return this._on;
  }

  set(name: string, text: string): void {
    this._texts.set(name, text);
    this._changed.emit();
  }

  setOption(name: string, text: string): void {
    this._options = { ...this._options, [name]: text };
    this._changed.emit();
  }

  setOn(on: string): void {
    this._on = on;
    this._changed.emit();
  }

  /** Whether a parameter is another one than at first. */
  isChanged(name: string): boolean {
    return this._texts.get(name) !== this._begin.get(name);
  }

  /** What is wrong with a parameter, undefined where nothing is; an untouched one that has a value is never wrong. */
  wrong(parameter: ParameterRow): Wrong | undefined {
    const { name } = parameter;
    if (!this.isChanged(name) && (this._isGiven.get(name) || !parameter.required)) {
      return undefined;
    }
    const typed = this._typed(parameter);
    return 'wrong' in typed ? typed.wrong : undefined;
  }

  get isRight(): boolean {
    return this.parameters.every(each => this.wrong(each) === undefined);
  }

  /** What was changed; `fields` tell the kinds of options. */
  asked(fields: readonly Field[]): RunAsked {
    const parameters: Record<string, ReadonlyJSONValue> = {};
    for (const each of this.parameters) {
      const typed = this._typed(each);
      const isSent = this.isChanged(each.name) || (each.required && !this._isGiven.get(each.name));
      if (isSent && 'value' in typed) {
        parameters[each.name] = typed.value;
      }
    }
    const options: Record<string, ReadonlyJSONValue> = {};
    for (const [name, text] of Object.entries(this._options)) {
      if (text !== '' && text !== (this._beginOptions[name] ?? '')) {
        const field = fields.find(each => each.name === name);
        options[name] = optionValue(text, field ?? { kind: 'text' });
      }
    }
    return { parameters, options, on: this._on === this._beginOn ? null : this._on };
  }

  /** What stands in a field, as JSON; where nothing does, the default. */
  private _typed({ name, schema, required }: ParameterRow): Typed {
    const [text, shape] = [this.text(name), shapeOf(schema)];
    if (!isEmpty(text, shape) || meansNone(shape)) {
      return typedValue(text, shape);
    }
    const { default: value } = schema;
    return value === undefined ? { wrong: required ? 'missing' : 'computed' } : { value };
  }

  private readonly _begin = new Map<string, string>();
  private readonly _isGiven = new Map<string, boolean>();
  private readonly _texts: Map<string, string>;
  private _options: Readonly<Record<string, string>>;
  private readonly _beginOptions: Readonly<Record<string, string>>;
  private _on: string;
  private readonly _beginOn: string;
  private readonly _changed = new Signal<this, void>(this);
}

/** A text that the server wrote, as the value of one of the choices. */
function chosen(given: string, shape: ReturnType<typeof shapeOf>): string {
  if (shape.kind !== 'choice') {
    return given;
  }
  const found = shape.choices.find(
    each => JSON.stringify(each) === given || (typeof each === 'string' && each === given)
  );
  return found === undefined ? '' : JSON.stringify(found);
}
