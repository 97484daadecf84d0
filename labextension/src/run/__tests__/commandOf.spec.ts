import { commandOf } from '../commandOf';

describe('commandOf', () => {
  it('is one line that a shell takes as one word', () => {
    expect(commandOf('mlrun-nb rerun abc --sweep', 'lr=0.1\n  kind="it\'s" \n', '20')).toBe(
      `mlrun-nb rerun abc --sweep 'lr=0.1 kind="it'\\''s"' --max-runs 20`
    );
  });

  it('says nothing of a bound where there is none', () => {
    expect(commandOf('rerun --sweep', 'lr=1,2', '')).toBe("rerun --sweep 'lr=1,2'");
  });
});
