import { withParameters } from '../parameterLines';

const SOURCE =
  '%%mlrun train --output model\nlr: float = 0.1  # step\ndepth: int = 8\nmodel = fit(lr)';
const BEFORE = ['lr: float = 0.1', 'depth: int = 8'];

describe('withParameters', () => {
  it('leaves alone what is the same', () => {
    expect(withParameters(SOURCE, BEFORE, BEFORE)).toBe(SOURCE);
  });

  it('changes a declaration where it stands, and keeps what is said behind it', () => {
    expect(withParameters(SOURCE, BEFORE, ['lr: float = 0.5', 'depth: int = 8'])).toBe(
      SOURCE.replace('0.1', '0.5')
    );
  });

  it('makes one that is taken away a plain assignment', () => {
    expect(withParameters(SOURCE, BEFORE, [null, 'depth: int = 8'])).toBe(
      SOURCE.replace('lr: float = 0.1', 'lr = 0.1')
    );
  });

  it('puts a new one behind the others', () => {
    expect(withParameters(SOURCE, BEFORE, [...BEFORE, 'seed: int = 1'])).toBe(
      SOURCE.replace('model =', 'seed: int = 1\nmodel =')
    );
  });

  it('puts the first one below the line of the function', () => {
    expect(withParameters('%%mlrun f\n#| mlrun.cpu: 4\nx = 1', [], ['n: int = 3'])).toBe(
      '%%mlrun f\n#| mlrun.cpu: 4\nn: int = 3\nx = 1'
    );
  });

  it('refuses to change what it does not find', () => {
    const source = '%%mlrun f\ndef f(n: int = 3):\n    return n';
    expect(withParameters(source, ['n: int = 3'], ['n: int = 3'])).toBe(source);
    expect(withParameters(source, ['n: int = 3'], ['n: int = 4'])).toBeUndefined();
  });
});
