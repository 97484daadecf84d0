import { Latest, Paced } from '../latest';

describe('of several requests only the newest one', () => {
  it('ends the one before, whose answer is not taken', async () => {
    const latest = new Latest();
    const signals: AbortSignal[] = [];
    const ask = (answer: string) => (signal: AbortSignal) => {
      signals.push(signal);
      return Promise.resolve(answer);
    };
    const [first, second] = await Promise.all([latest.run(ask('old')), latest.run(ask('new'))]);
    expect([first, second]).toEqual([undefined, 'new']);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it('fails as the request does, unless a newer one has taken its place', async () => {
    const latest = new Latest();
    const fail = () => Promise.reject(new Error('gone'));
    const old = latest.run(fail);
    const fresh = latest.run(fail);
    await expect(old).resolves.toBeUndefined();
    await expect(fresh).rejects.toThrow('gone');
  });
});

describe('work that is paced', () => {
  it('is done once more for all that was asked for meanwhile', async () => {
    let count = 0;
    const paced = new Paced(() => {
      count += 1;
      return Promise.resolve();
    }, 5);
    paced.ask();
    paced.ask();
    paced.ask();
    await new Promise(done => setTimeout(done, 40));
    expect(count).toBe(2);
  });
});
