import { ApiError, problemOf, unreachable } from '../problem';

const JSON_TYPE = 'application/problem+json; charset=utf-8';

describe('problemOf', () => {
  it('says what the server says, and what to do', () => {
    const text = JSON.stringify({
      title: 'NotFoundError',
      detail: '`my6d1y` is not in the store',
      hint: 'See `mlrun-nb runs`.',
      status: 404
    });
    const error = problemOf({ status: 404, contentType: JSON_TYPE, text });
    expect(error).toBeInstanceOf(ApiError);
    expect(error.message).toBe('`my6d1y` is not in the store');
    expect(error.hint).toBe('See `mlrun-nb runs`.');
    expect(error.status).toBe(404);
  });

  it("reads Jupyter's own JSON", () => {
    const text = JSON.stringify({ message: 'Forbidden', reason: null });
    const error = problemOf({ status: 403, contentType: 'application/json', text });
    expect([error.message, error.hint, error.status]).toEqual(['Forbidden', '', 403]);
  });

  it.each(['', 'null', '[]', '"text"', '{', '{"title": 7, "hint": ""}'])(
    'does not stumble over %j',
    text => {
      const error = problemOf({ status: 500, contentType: JSON_TYPE, text });
      expect([error.message, error.hint]).toEqual(['The server answered 500', '']);
    }
  );

  it('takes a page for "not found" as a server without our extension', () => {
    const error = problemOf({ status: 404, contentType: 'text/html', text: '<html></html>' });
    expect(error.message).toBe('The server extension is not enabled');
    expect(error.hint).toContain('jupyter server extension enable mlrun_nb');
  });

  it("does not show a proxy's page", () => {
    const error = problemOf({ status: 502, contentType: 'text/html', text: '<h1>Bad</h1>' });
    expect(error.message).toBe('The server answered 502');
    expect(error.hint).toContain('log');
  });
});

describe('unreachable', () => {
  it('has no status, keeps the cause and says what to do', () => {
    const cause = new TypeError('Failed to fetch');
    const error = unreachable(cause);
    expect([error.status, error.cause]).toEqual([0, cause]);
    expect(error.hint).not.toBe('');
  });
});
