/** What the server answers when it cannot do what was asked, as one error that a person can read. */

/** An answer as it came: nothing of it is believed yet. */
export interface IAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Says what went wrong and, where we know it, what to do. */
export class ApiError extends Error {
  constructor(
    message: string,
    /** What to do next; empty where nobody knows. */
    readonly hint: string,
    /** The answer's HTTP status; 0 when none came. */
    readonly status: number
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** Read an answer that is not a success: our problem+json, a proxy's page, or Jupyter's own JSON. */
export function problemOf(answer: IAnswer): ApiError {
  const { status, contentType } = answer;
  if (contentType.includes('json')) {
    return problemOfJson(answer);
  }
  if (status === 404) {
    return new ApiError(
      'The server extension is not enabled',
      'Run `jupyter server extension enable mlrun_nb` where the server runs, and start the server again.',
      status
    );
  }
  return new ApiError(`The server answered ${status}`, HINT_OF_LOG, status);
}

/** Nothing came back: the server is gone, or the way to it. */
export function unreachable(cause: unknown): ApiError {
  const error = new ApiError(
    'The server does not answer',
    'See whether the Jupyter server still runs and the network is up; then try again.',
    0
  );
  error.cause = cause;
  return error;
}

const HINT_OF_LOG = "Look into the Jupyter server's log.";

function problemOfJson({ status, text }: IAnswer): ApiError {
  const { title, detail, message, hint } = fieldsOf(text);
  const said = detail ?? message ?? title ?? `The server answered ${status}`;
  return new ApiError(said, hint ?? '', status);
}

type Fields = Partial<Record<'title' | 'detail' | 'message' | 'hint', string>>;

/** Take the texts of a JSON object, and nothing from anything else. */
function fieldsOf(text: string): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return {};
  }
  const fields = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
  return Object.fromEntries(
    fields.filter(([, value]) => typeof value === 'string' && value !== '')
  );
}
