import { hasWord, toggleWord, wordFor, wordsOf } from '../query';

describe('the words of a search', () => {
  it('keeps what stands in quotes together', () => {
    expect(wordsOf('fn:train  notebook:"my notes.ipynb" loss')).toEqual([
      'fn:train',
      'notebook:"my notes.ipynb"',
      'loss'
    ]);
  });

  it('puts a value with blanks in quotes, so that it is found again', () => {
    const word = wordFor('notebook', 'my notes.ipynb');
    expect(hasWord(toggleWord('loss', word), word)).toBe(true);
  });

  it('switches a word on and off and leaves the others alone', () => {
    expect(toggleWord('loss after:today', 'state:failed')).toBe('loss after:today state:failed');
    expect(toggleWord('loss state:failed after:today', 'state:failed')).toBe('loss after:today');
  });

  it('lets a word of the same key give way', () => {
    expect(toggleWord('state:failed loss', 'state:running')).toBe('loss state:running');
  });

  it('does not take a part of a word for the word', () => {
    expect(hasWord('state:failed,lost', 'state:failed')).toBe(false);
  });
});
