import { Turns } from '../turns';

const aMoment = (): Promise<void> => new Promise(done => setTimeout(done));

describe('Turns', () => {
  it('lets only so many go on at once, and all in the end', async () => {
    const turns = new Turns(2);
    let [now, most, done] = [0, 0, 0];
    const work = async (): Promise<void> => {
      now += 1;
      most = Math.max(most, now);
      await aMoment();
      now -= 1;
      done += 1;
    };
    await Promise.all(Array.from({ length: 9 }, () => turns.run(work)));
    expect([most, done, now]).toEqual([2, 9, 0]);
  });

  it('goes on after a failure', async () => {
    const turns = new Turns(1);
    const failed = turns.run(() => Promise.reject(new Error('no')));
    const next = turns.run(() => Promise.resolve('yes'));
    await expect(failed).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
  });
});
