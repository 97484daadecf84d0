import { executedPath, placeOf } from '../path';

describe('the path of an executed notebook', () => {
  it.each([
    ['', 'mlrun-nb:abc/train-abc.ipynb'],
    ['team/churn', 'mlrun-nb:team/churn/abc/train-abc.ipynb']
  ])('leads back to folder %j and run', (folder, path) => {
    expect(executedPath(folder, 'abc', 'train-abc.ipynb')).toBe(path);
    expect(placeOf(path.slice(path.indexOf(':') + 1))).toEqual({ folder, run: 'abc' });
  });

  it('is none without a run', () => {
    expect(placeOf('')).toBeUndefined();
    expect(placeOf('train.ipynb')).toBeUndefined();
  });
});
