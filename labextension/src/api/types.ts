// Generated from the server's records by `make docs`. Do not edit.

import type { ReadonlyJSONValue } from '@lumino/coreutils';

/** Number of the interface that these types describe. */
export const API = 1;

/**
 * Where to sweep again: `space` is that of the sweep around its best child `number`, to be changed before it is used.
 *
 * `command` does the same in a shell with the space behind it; there will be at most `max_runs` children, None for all
 * points.
 */
export type Around = {
  readonly space: string;
  readonly number: number | null;
  readonly command: string;
  readonly max_runs: number | null;
};

/**
 * Something that the run left.
 *
 * `file` is the name under which it is downloaded, `previews` renderings of it: media type → file name. `load` is the
 * Python that loads it.
 */
export type ArtifactRow = {
  readonly name: string;
  readonly kind: string;
  readonly type: string;
  readonly media_type: string;
  readonly size: number;
  readonly digest: string;
  readonly uri: string;
  readonly file: string;
  readonly previews: { readonly [name: string]: string };
  readonly facts: readonly Named[];
  readonly load: string;
};

/**
 * Whose cluster, and what it is to be like: as a profile says, or suits the machine, where something is left out.
 *
 * `workers` is `N` or `MIN..MAX`, `threads` the slots of each, `idle_timeout` how long it lives without work: `2h`.
 */
export type BeginCluster = {
  readonly on?: string;
  readonly workers?: string | null;
  readonly threads?: number | null;
  readonly idle_timeout?: string | null;
};

/** A run's card, drawn now: `html` is complete by itself and has no script; `state` says whether it will change. */
export type Card = {
  readonly id: string;
  readonly state: 'cached' | 'cancelled' | 'failed' | 'lost' | 'pending' | 'running' | 'succeeded';
  readonly cancelling: boolean;
  readonly has_best: boolean;
  readonly html: string;
  readonly text: string;
};

/** A value of one run in a table; `number` where it can be drawn, `best` where no run has a better one. */
export type Cell = {
  readonly text: string;
  readonly number: number | null;
  readonly best: boolean;
};

/**
 * One cell of the executed notebook.
 *
 * `origin` is its index in the notebook that it came from, None for a generated one; `machinery` is true for cells
 * that a reader need not see while they do their work.
 */
export type CellRow = {
  readonly index: number;
  readonly name: string;
  readonly role: string;
  readonly state: 'cancelled' | 'failed' | 'lost' | 'pending' | 'running' | 'succeeded';
  readonly origin: number | null;
  readonly duration_s: number;
  readonly cpu_s: number;
  readonly peak_memory_bytes: number;
  readonly output_bytes: number;
  readonly machinery: boolean;
};

/** One cell as the client shows it: its index in the notebook, its id and its tags (`mlrun-setup` counts). */
export type CellText = {
  readonly index: number;
  readonly source: string;
  readonly id?: string;
  readonly kind?: 'code' | 'markdown' | 'raw';
  readonly tags?: readonly string[];
};

/**
 * A parameter that tells children apart, with its value for each child drawn.
 *
 * `importance` is the share of the differences of the result that it explains alone, None where too few children have
 * ended to tell. It is `logarithmic` where it was searched so.
 */
export type ChartAxis = {
  readonly name: string;
  readonly logarithmic: boolean;
  readonly importance: number | null;
  readonly values: readonly (boolean | number | string | null)[];
};

/**
 * The children of a sweep as charts show them: at most so many as were asked for of `total`, by number.
 *
 * `result` is looked at, one of `results`; it is better the more (`max`) or the less (`min`) there is of it, or nobody
 * said. `values` has the numbers that it came to. Parameters that matter most come first, by what `compared` children
 * came to; `hidden` counts those left out.
 */
export type Charts = {
  readonly total: number;
  readonly result: string;
  readonly results: readonly string[];
  readonly direction: '' | 'max' | 'min';
  readonly ids: readonly string[];
  readonly numbers: readonly number[];
  readonly states: readonly ('cached' | 'cancelled' | 'failed' | 'lost' | 'pending' | 'pruned' | 'running' | 'succeeded')[];
  readonly values: readonly (number | null)[];
  readonly parameters: readonly ChartAxis[];
  readonly hidden: number;
  readonly compared: number;
  readonly steps: readonly Step[];
};

/** How many children are drawn at most, and over which `result`; empty for the one that counts. */
export type ChartsAsked = {
  readonly folder?: string;
  readonly limit?: number;
  readonly result?: string;
};

/** A child as others speak of it; `parameters` are those that the sweep chose. */
export type Child = {
  readonly id: string;
  readonly number: number | null;
  readonly parameters: readonly Named[];
  readonly results: readonly Named[];
};

/**
 * Children in the order of their creation, as columns. `reasons` has why those that did not end well did not, by id.
 *
 * `cursor` leads to the next part, None on the last. Before `settled` all have ended: whoever has them and asks for
 * changes begins there, a cursor too, None for the beginning. A sweep that is resumed may begin some of them once
 * more.
 */
export type Children = {
  readonly ids: readonly string[];
  readonly numbers: readonly (number | null)[];
  readonly states: readonly ('cached' | 'cancelled' | 'failed' | 'lost' | 'pending' | 'pruned' | 'running' | 'succeeded')[];
  readonly durations: readonly (number | null)[];
  readonly parameters: readonly Column[];
  readonly results: readonly Column[];
  readonly reasons: { readonly [name: string]: string };
  readonly cursor: string | null;
  readonly settled: string | null;
};

/** Which part of the table; `cursor` comes from the part before. */
export type ChildrenAsked = {
  readonly folder?: string;
  readonly limit?: number;
  readonly cursor?: string | null;
};

/**
 * A cluster as it is now. `on` is the engine or profile whose runs go there, `place` says where it is, for people.
 *
 * `workers` are there, between `least` and `most` of them are asked for. `runs` are tasks that workers have or that
 * wait, `memory_bytes` is what its workers hold. `core_hours` is what its slots come to since its start. `dashboard`
 * is a link for a browser that reaches this server, empty where there is none. `trouble` is what keeps it, or a worker
 * of it, from being there.
 */
export type ClusterRow = {
  readonly on: string;
  readonly name: string;
  readonly place: string;
  readonly owner: string;
  readonly workers: number;
  readonly least: number;
  readonly most: number;
  readonly slots: number;
  readonly runs: number;
  readonly memory_bytes: number;
  readonly up_s: number;
  readonly idle_timeout_s: number;
  readonly core_hours: number;
  readonly address: string;
  readonly dashboard: string;
  readonly trouble: string;
};

/**
 * All clusters of ours that a profile or an engine leads to, and what could not be asked.
 *
 * `vacant` tells whether runs on the engine `dask` itself have none, and one could be begun for them.
 */
export type Clusters = {
  readonly clusters: readonly ClusterRow[];
  readonly unknown: readonly UnknownCluster[];
  readonly vacant: boolean;
};

/** The text of all cells of one role; lines that both have far from any change are left out, and numbers jump. */
export type CodeDiff = {
  readonly title: string;
  readonly comments_only: boolean;
  readonly lines: readonly CodeLine[];
};

/** A line of two texts side by side. A side is None where the other one has a line more; numbers count from 1. */
export type CodeLine = {
  readonly kind: 'added' | 'changed' | 'removed' | 'same';
  readonly old_number: number | null;
  readonly old: string | null;
  readonly new_number: number | null;
  readonly new: string | null;
};

/** One parameter or result of the children: a value for each, or a single one that they all have. */
export type Column = {
  readonly name: string;
  readonly values: readonly (boolean | number | string | null)[];
};

/** Something to type, and what it does. */
export type Command = {
  readonly text: string;
  readonly purpose: string;
};

/** Which runs, 2 to 20. */
export type CompareAsked = {
  readonly folder?: string;
  readonly run: readonly string[];
};

/** One value of all runs; `differs` where they do not agree. Cells are None where a run has no such value. */
export type CompareRow = {
  readonly name: string;
  readonly group: 'parameters' | 'results' | 'run' | 'settings';
  readonly differs: boolean;
  readonly cells: readonly (Cell | null)[];
};

/** Two runs beside each other. `summary` says it in a line; nothing in `code` and `parts` where nothing differs. */
export type Comparison = {
  readonly old: RunRow;
  readonly new: RunRow;
  readonly summary: string;
  readonly code: readonly CodeDiff[];
  readonly parts: readonly Part[];
};

/** How many runs of the project are in each state. */
export type Counts = {
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly lost: number;
  readonly cached: number;
};

/** Against which run or version; empty for the last good run, or for the version before. */
export type DiffAsked = {
  readonly folder?: string;
  readonly against?: string;
};

/** One thing before and after; None where it is not there. */
export type Difference = {
  readonly name: string;
  readonly old: string | null;
  readonly new: string | null;
  readonly distance: string;
};

/** For which source; the first that takes something where none is named. */
export type DraftAsked = {
  readonly folder?: string;
  readonly source?: string;
};

/**
 * A cell's text, and options to be stated in it: a text as it is typed, or a JSON form that is no text.
 *
 * An empty text takes an option away, as does null.
 */
export type EditAsked = {
  readonly source: string;
  readonly options: { readonly [name: string]: ReadonlyJSONValue };
};

/** The cell's new text. */
export type Edited = {
  readonly source: string;
};

/** With `force` also while it has runs, which fail. `name` means another cluster of ours in the same place. */
export type EndAsked = {
  readonly folder?: string;
  readonly name?: string;
  readonly force?: boolean;
};

/**
 * The executed notebook, read-only: `content` is nbformat 4, `name` what a tab would call it.
 *
 * Outputs are as the run left them, and not trusted.
 */
export type Executed = {
  readonly name: string;
  readonly content: { readonly [name: string]: ReadonlyJSONValue };
  readonly modified: string;
  readonly size: number;
};

/** Children that failed in the same way, and the reason of one of them. */
export type FailedAlike = {
  readonly children: number;
  readonly reason: string;
  readonly first: Child;
};

/** Why a run did not end well. */
export type Failure = {
  readonly cls: string;
  readonly fault: string;
  readonly summary: string;
  readonly hint: string;
  readonly cell: number | null;
  readonly cell_name: string;
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string;
};

/** One option, for a form: `kind` says how its value is typed, `example` what one looks like. */
export type Field = {
  readonly name: string;
  readonly kind: string;
  readonly section: string;
  readonly help: string;
  readonly example: string;
  readonly choices: readonly string[];
};

/** One thing that was examined. `ok` is None for something optional that is not there. */
export type Finding = {
  readonly name: string;
  readonly ok: boolean | null;
  readonly text: string;
  readonly hint: string;
};

/**
 * The lines in which a text was found, in order, at most 1000; `more` where not all was looked at.
 *
 * `next` is then the line to go on from: a log of gigabytes takes several requests, some of which may find nothing.
 */
export type Found = {
  readonly lines: readonly number[];
  readonly more: boolean;
  readonly next: number | null;
};

/**
 * A `%%mlrun` cell.
 *
 * `standing` compares its text with the latest version: never registered, unchanged, edited since, or not to be read.
 * `version` is that version, None where there is none. `options` are those of the cell, as they are typed, `values`
 * the same in their JSON forms; `problem` and `hint` say what is wrong with a broken one.
 */
export type FunctionCell = {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly standing: 'broken' | 'edited' | 'new' | 'unchanged';
  readonly version: string | null;
  readonly last_run: RunRow | null;
  readonly options: { readonly [name: string]: string };
  readonly values: { readonly [name: string]: ReadonlyJSONValue };
  readonly problem: string;
  readonly hint: string;
};

/** The functions of a notebook, in its order. */
export type FunctionCells = {
  readonly items: readonly FunctionCell[];
};

/**
 * A function at one version, with what a form needs to run it.
 *
 * `options` are the version's own, by name, as they are typed; `result` names the number that `history` shows. `call`
 * is the Python that runs it, `command` the shell's.
 */
export type FunctionDetail = {
  readonly name: string;
  readonly project: string;
  readonly description: string;
  readonly notebook: string | null;
  readonly hub: HubPlace | null;
  readonly version: VersionRow;
  readonly parameters: readonly ParameterRow[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly options: { readonly [name: string]: string };
  readonly source: readonly Source[];
  readonly history: readonly Outcome[];
  readonly result: string;
  readonly call: string;
  readonly command: string;
};

/** A function as lists show it; `last_run` is its newest run. */
export type FunctionRow = {
  readonly name: string;
  readonly description: string;
  readonly notebook: string;
  readonly latest: string;
  readonly versions: number;
  readonly runs: number;
  readonly updated: string;
  readonly last_run: RunRow | null;
};

/** All functions of the project, by name. */
export type Functions = {
  readonly items: readonly FunctionRow[];
  readonly revision: string;
};

/** What `doctor` finds; `engines` are those of the findings that are about engines. */
export type Health = {
  readonly engines: readonly Finding[];
  readonly others: readonly Finding[];
};

/** The words that an item is to have, in its name, a category or its summary; all items for none. */
export type HubAsked = {
  readonly folder?: string;
  readonly q?: string;
};

/**
 * The newest version of an item as lists show it.
 *
 * `verified` tells that each of its files was compared with its digest, before any of it was read as code. `installed`
 * is the version that the project has locked, empty where it has none.
 */
export type HubCard = {
  readonly source: string;
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly categories: readonly string[];
  readonly verified: boolean;
  readonly installed: string;
};

/** A cell of a notebook that somebody published. */
export type HubCell = {
  readonly kind: 'code' | 'markdown' | 'raw';
  readonly source: string;
};

/** Texts of code cells, and what is to be said of them. */
export type HubCells = {
  readonly cells: readonly string[];
  readonly notices: readonly string[];
};

/** What is to be pasted: a cell that uses the item, or its source. `frames` are the tables that the notebook has. */
export type HubCellsAsked = {
  readonly kind: 'source' | 'use';
  readonly version?: string;
  readonly frames?: readonly string[];
};

/**
 * One version of an item, read and compared with its digest.
 *
 * `readme` and `example` are empty where it has none; `notebook` has the cells of the file that it is published as.
 * `reference` is what stands in code, `command` the shell's. `installed` is the version that the project has locked.
 */
export type HubDetail = {
  readonly source: string;
  readonly name: string;
  readonly version: string;
  readonly versions: readonly string[];
  readonly function: string;
  readonly summary: string;
  readonly categories: readonly string[];
  readonly requirements: readonly string[];
  readonly license: string;
  readonly digest: string;
  readonly size_bytes: number;
  readonly files: readonly string[];
  readonly readme: string;
  readonly parameters: readonly ParameterRow[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly options: { readonly [name: string]: string };
  readonly example: readonly HubCell[];
  readonly notebook: readonly HubCell[];
  readonly reference: string;
  readonly command: string;
  readonly installed: string;
};

/**
 * What all sources have, in their order and the best first, and what is to be known of them.
 *
 * Of many, `items` are the first 200 of `total`. `waiting` are sources that have not answered yet: whoever asks again
 * soon gets what they say.
 */
export type HubFound = {
  readonly items: readonly HubCard[];
  readonly total: number;
  readonly notices: readonly SourceNotice[];
  readonly waiting: readonly string[];
};

/** The item of a hub that a version came from. */
export type HubPlace = {
  readonly source: string;
  readonly name: string;
  readonly version: string;
};

/** Which version of an item; the newest where none is named. */
export type HubVersionAsked = {
  readonly folder?: string;
  readonly version?: string;
};

/** Which version the project is to use; the newest where none is named. */
export type InstallItem = {
  readonly version?: string;
};

/** What the project uses from now on; `missing` are requirements of it that the server has not installed. */
export type Installed = {
  readonly source: string;
  readonly name: string;
  readonly version: string;
  readonly missing: readonly string[];
};

/**
 * Lines of a log. `first` is the number of the first one, `total` how many there are now, `bytes` how long it is.
 *
 * `ended` tells whether nothing more can follow. Orders to a terminal that colour text are still in it. A line longer
 * than 10,000 characters is cut, and says so; of very long ones fewer may come than were asked for.
 */
export type LogLines = {
  readonly first: number;
  readonly lines: readonly string[];
  readonly total: number;
  readonly bytes: number;
  readonly ended: boolean;
};

/** How far a deep search looked: that many runs, back to that time. */
export type Looked = {
  readonly runs: number;
  readonly until: string | null;
};

/** All series of a run. */
export type Metrics = {
  readonly series: readonly Series[];
};

/** A value to read, beside its name. */
export type Named = {
  readonly name: string;
  readonly text: string;
};

/** Another run, as a link. */
export type Neighbour = {
  readonly id: string;
  readonly version: string;
  readonly created: string;
  readonly duration_s: number | null;
};

/** Nothing but the address. */
export type NoBody = Record<string, never>;

/** The cells of a notebook; for a look at its functions, those that begin with `%%mlrun` are enough. */
export type NotebookText = {
  readonly path?: string;
  readonly cells?: readonly CellText[];
};

/**
 * All options of functions and runs; `targets` are the engines and profiles that `on` takes.
 *
 * `startable` are those of them on which the server itself starts a run: not those that execute in the asking process.
 * `schema` is a JSON schema (draft 2020-12) of an object that has options by name, in their JSON forms.
 */
export type Options = {
  readonly sections: readonly Section[];
  readonly targets: readonly string[];
  readonly startable: readonly string[];
  readonly schema: { readonly [name: string]: ReadonlyJSONValue };
  readonly version: 1;
};

/** A run as a point of a small chart: how it ended and how long it took, `value` its main result. */
export type Outcome = {
  readonly id: string;
  readonly state: 'cached' | 'cancelled' | 'failed' | 'lost' | 'pending' | 'running' | 'succeeded';
  readonly created: string;
  readonly duration_s: number | null;
  readonly value: number | null;
};

/** One parameter: `schema` is the JSON schema of its values, `declaration` its line in the cell. */
export type ParameterRow = {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly required: boolean;
  readonly declaration: string;
  readonly schema: { readonly [name: string]: ReadonlyJSONValue };
};

/** The sweep that a run is a child of; `total` is how many it will have, `is_best` whether this is its best one. */
export type ParentRow = {
  readonly id: string;
  readonly strategy: string;
  readonly total: number | null;
  readonly is_best: boolean;
};

/** Differences of one kind, under their heading. */
export type Part = {
  readonly title: string;
  readonly changes: readonly Difference[];
};

/** One number that a run logged; `step` counts where the run did not say. */
export type Point = {
  readonly step: number;
  readonly value: number | '-Infinity' | 'Infinity' | 'NaN';
  readonly time: string;
};

/**
 * How an artifact looks, without loading code from it: a table of texts, the first lines, a picture, or why not.
 *
 * A `picture` is the name under which `previews/{name}` serves it; `reason` says in a sentence why there is nothing.
 */
export type Preview = {
  readonly kind: 'none' | 'picture' | 'table' | 'text';
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly text: string;
  readonly picture: string;
  readonly media_type: string;
  readonly cut: boolean;
  readonly reason: string;
};

/** Why a request came to nothing: `title` is the class of the error, `detail` one sentence, `hint` what to do. */
export type Problem = {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly hint: string;
};

/** Cells done of all, and the name of the one at work; of a sweep its children, and no name. */
export type Progress = {
  readonly done: number;
  readonly total: number;
  readonly cell: string;
};

/**
 * What a cell could be as a function: its new text as `source`, and what it was made of.
 *
 * `parameters` are declarations such as `lr: float = 0.1`, `notices` say what cells below would no longer find. With a
 * `problem` there is no proposal, and `source` is the cell's own text.
 */
export type Proposal = {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly source: string;
  readonly notices: readonly string[];
  readonly problem: string;
  readonly hint: string;
};

/** The cells of a notebook, and the index of the one that is to become a function called `name`, if it is known. */
export type ProposeAsked = {
  readonly cells: readonly CellText[];
  readonly index: number;
  readonly name?: string;
};

/**
 * What a function and a source say of it as an item; a person may say something else.
 *
 * `sources` are those that take something, `source` is the one asked about, empty where there is none. `missing` are
 * the fields that somebody has to fill: `summary`, `categories`, `example`. `notebook` is read as it is saved.
 */
export type PublicationDraft = {
  readonly sources: readonly string[];
  readonly source: string;
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly requirements: readonly string[];
  readonly missing: readonly string[];
  readonly notebook: string;
};

/**
 * How far a publication is.
 *
 * `place` is where it lies, `next` a command that is left to do; `error` says why it was refused.
 */
export type PublicationState = {
  readonly source: string;
  readonly name: string;
  readonly version: string;
  readonly stage: 'broken' | 'giving' | 'published' | 'refused' | 'trying';
  readonly seconds: number;
  readonly place: string;
  readonly next: string;
  readonly error: string;
  readonly hint: string;
};

/** What is said of it; what is left out comes from the function. `example` and `readme` are files below the folder. */
export type Publish = {
  readonly source: string;
  readonly name?: string;
  readonly version?: string;
  readonly summary?: string;
  readonly categories?: readonly string[];
  readonly requirements?: readonly string[];
  readonly license?: string;
  readonly readme?: string;
  readonly example?: string;
  readonly push?: boolean;
};

/** What would run it again with a better chance: words for a button, and the options that it stands for. */
export type Remedy = {
  readonly text: string;
  readonly options: { readonly [name: string]: string };
};

/**
 * What is to be different this time: parameters as JSON values, options as their JSON forms, engine or profile.
 *
 * `sweep` says what varies, as `--sweep` takes it: of a sweep it takes the place of what varied before, and any other
 * run becomes one. There will be at most `max_runs` children.
 */
export type Rerun = {
  readonly parameters?: { readonly [name: string]: ReadonlyJSONValue };
  readonly options?: { readonly [name: string]: ReadonlyJSONValue };
  readonly on?: string | null;
  readonly sweep?: string;
  readonly max_runs?: number | null;
};

/**
 * A run with all that is known of it.
 *
 * `notebook` is the path of the notebook that it came from below the server's root, None where it is not to be opened
 * from here, `hub` the item that it came from; `executed` tells whether there is an executed notebook. `metrics` are
 * the names of what was logged, `points` is how many numbers that were. `changed` says in a line what differs from
 * `last_good`. `commands` are for a shell, `python` is for a notebook. `dashboard` is a link to that of its own Dask
 * cluster, while there is one, for a browser that reaches this server. `sweep` is there for a sweep, `parent` for a
 * child of one.
 */
export type RunDetail = {
  readonly run: RunRow;
  readonly code_hash: string;
  readonly directory: string;
  readonly notebook: string | null;
  readonly hub: HubPlace | null;
  readonly executed: boolean;
  readonly failure: Failure | null;
  readonly remedy: Remedy | null;
  readonly notices: readonly string[];
  readonly parameters: readonly Value[];
  readonly results: readonly Value[];
  readonly missing_results: readonly string[];
  readonly inputs: readonly Named[];
  readonly settings: readonly Setting[];
  readonly usage: readonly Usage[];
  readonly cells: readonly CellRow[];
  readonly artifacts: readonly ArtifactRow[];
  readonly metrics: readonly string[];
  readonly points: number;
  readonly provenance: readonly Named[];
  readonly last_good: Neighbour | null;
  readonly changed: string;
  readonly commands: readonly Command[];
  readonly python: string;
  readonly dashboard: string;
  readonly sweep: SweepDetail | null;
  readonly parent: ParentRow | null;
};

/** How to run it: parameters as JSON values, options as they are typed, inputs as URIs. */
export type RunFunction = {
  readonly version?: string;
  readonly parameters?: { readonly [name: string]: ReadonlyJSONValue };
  readonly options?: { readonly [name: string]: ReadonlyJSONValue };
  readonly inputs?: { readonly [name: string]: string };
  readonly on?: string | null;
};

/** How to run it: parameters as JSON values, options as they are typed, inputs as paths or URIs. */
export type RunItem = {
  readonly version?: string;
  readonly parameters?: { readonly [name: string]: ReadonlyJSONValue };
  readonly options?: { readonly [name: string]: ReadonlyJSONValue };
  readonly inputs?: { readonly [name: string]: string };
  readonly on?: string | null;
};

/**
 * Runs, newest first, or the children of one in the order of their creation; `cursor` leads to the next page.
 *
 * It is None on the last. `doubt` says why open runs may be out of date; `looked` is there where words were looked for
 * deeply.
 */
export type RunPage = {
  readonly items: readonly RunRow[];
  readonly cursor: string | null;
  readonly revision: string;
  readonly doubt: string;
  readonly looked: Looked | null;
};

/**
 * A run as lists show it.
 *
 * `reason` says in a line why it is where it is. `parameters` are those that tell the runs of the page apart, `result`
 * is the one result that matters most. `duration_s` comes from the runner's clock and is None until there is one.
 * `sweep` is there for a sweep, of which a child has `number` and `parent`; one that succeeded is `pruned` where the
 * strategy ended it early.
 */
export type RunRow = {
  readonly id: string;
  readonly project: string;
  readonly function: string;
  readonly version: string;
  readonly engine: string;
  readonly profile: string;
  readonly state: 'cached' | 'cancelled' | 'failed' | 'lost' | 'pending' | 'running' | 'succeeded';
  readonly phase: 'backoff' | 'pulling' | 'queued' | 'starting' | 'submitting' | 'unschedulable' | null;
  readonly reason: string;
  readonly attempt: number;
  readonly progress: Progress | null;
  readonly parameters: readonly Named[];
  readonly result: Named | null;
  readonly labels: { readonly [name: string]: string };
  readonly notebook: string;
  readonly created: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly duration_s: number | null;
  readonly saved_s: number | null;
  readonly origin: string | null;
  readonly parent: string | null;
  readonly number: number | null;
  readonly pruned: boolean;
  readonly sweep: SweepRow | null;
  readonly pinned: boolean;
  readonly cancelling: boolean;
};

/**
 * Which runs. `q` is what a person types: `state:failed fn:train before:2d loss`.
 *
 * With `deep` words are also looked for inside names, labels, parameters and reasons, among as many runs as a
 * moment allows. Children of sweeps are in no list but that of their `parent`.
 */
export type RunsAsked = {
  readonly folder?: string;
  readonly q?: string;
  readonly limit?: number;
  readonly cursor?: string | null;
  readonly deep?: boolean;
  readonly everywhere?: boolean;
  readonly parent?: string;
};

/**
 * How many `workers` it is to have, `N` or `MIN..MAX`; with `force` also where runs fail by that.
 *
 * `name` means another cluster of ours in the same place.
 */
export type ScaleCluster = {
  readonly workers: string;
  readonly name?: string;
  readonly force?: boolean;
};

/** Which text, letters of either case, from which line on. */
export type SearchAsked = {
  readonly folder?: string;
  readonly text: string;
  readonly line?: number;
  readonly backwards?: boolean;
};

/** Options that belong together, under their heading. */
export type Section = {
  readonly name: string;
  readonly title: string;
  readonly fields: readonly Field[];
};

/** The numbers logged under one name, at most 1000: of more, the extremes of each stretch are kept. */
export type Series = {
  readonly name: string;
  readonly count: number;
  readonly points: readonly Point[];
};

/** Which metrics; all where none is named. */
export type SeriesAsked = {
  readonly folder?: string;
  readonly name?: readonly string[];
};

/** An option in force, and the place that it came from. */
export type Setting = {
  readonly name: string;
  readonly text: string;
  readonly source: string;
};

/** One piece of a version's source: what it is for, and the index of the cell that it came from. */
export type Source = {
  readonly role: string;
  readonly text: string;
  readonly origin: number | null;
};

/** What is to be known of a source: that it could not be asked, or answered as it did once, or has a broken item. */
export type SourceNotice = {
  readonly source: string;
  readonly error: string;
  readonly hint: string;
};

/**
 * Which server this is and which project it shows.
 *
 * `api` must be the client's own number. `store` names the store in events, `revision` is its token of change.
 * `root` is the project's folder below the server's, None outside of it.
 */
export type Status = {
  readonly version: string;
  readonly api: number;
  readonly project: string;
  readonly root: string | null;
  readonly store: string;
  readonly revision: string;
  readonly counts: Counts;
  readonly functions: number;
};

/** A child that was better than all before it. */
export type Step = {
  readonly id: string;
  readonly number: number;
  readonly value: number;
};

/**
 * How a sweep stands. `facts` say how it searches, `counts` how many children are in each state.
 *
 * A child is better the more (`max`) or the less (`min`) there is of `result`; both are empty where none is.
 */
export type SweepDetail = {
  readonly facts: readonly Named[];
  readonly result: string;
  readonly direction: '' | 'max' | 'min';
  readonly counts: { readonly [name: string]: number };
  readonly best: Child | null;
  readonly failures: readonly FailedAlike[];
};

/** How a sweep searches, and how many children have ended of how many, as far as both are known. */
export type SweepRow = {
  readonly strategy: string;
  readonly selector: string;
  readonly done: number;
  readonly total: number | null;
  readonly best: string | null;
};

/** Runs beside each other, rows that differ first. */
export type Table = {
  readonly runs: readonly RunRow[];
  readonly rows: readonly CompareRow[];
};

/** The version that a tag is to name. */
export type TagMoved = {
  readonly version: string;
};

/** From which line of the log, counted from 0; a negative one counts from the end. */
export type TailAsked = {
  readonly folder?: string;
  readonly line?: number;
  readonly lines?: number;
};

/** An engine or profile whose cluster could not be asked after: why, and what to do. */
export type UnknownCluster = {
  readonly on: string;
  readonly error: string;
  readonly hint: string;
};

/** What was used of what was asked for; `share` is None where nothing was asked. */
export type Usage = {
  readonly name: string;
  readonly used: string;
  readonly asked: string | null;
  readonly share: number | null;
};

/** A value of this run; `before` is that of the last good run where that was another, `distance` how far it is. */
export type Value = {
  readonly name: string;
  readonly text: string;
  readonly before: string | null;
  readonly distance: string;
};

/** Which version: a tag or a prefix of its hash. */
export type VersionAsked = {
  readonly folder?: string;
  readonly version?: string;
};

/** Two versions beside each other. */
export type VersionComparison = {
  readonly old: string;
  readonly new: string;
  readonly summary: string;
  readonly code: readonly CodeDiff[];
  readonly parts: readonly Part[];
};

/** A version as lists show it; `change` says in a line how it differs from the one before, empty for the first. */
export type VersionRow = {
  readonly hash: string;
  readonly tags: readonly string[];
  readonly created: string;
  readonly runs: number;
  readonly change: string;
  readonly author: string;
  readonly commit: string;
};

/** Versions, last registered first. */
export type Versions = {
  readonly items: readonly VersionRow[];
  readonly cursor: string | null;
};

/** A page of versions. */
export type VersionsAsked = {
  readonly folder?: string;
  readonly limit?: number;
  readonly cursor?: string | null;
};

/** For which project: the one in force in `folder`, a path below the server's root with `/`, empty for the root. */
export type Where = {
  readonly folder?: string;
};
