import { ApiError } from '../../api/problem';
import type { ClusterRow } from '../../api/types';
import { coreHours, isAnything, wanted, wouldForce } from '../model';

const CLUSTER: ClusterRow = {
  on: 'dask',
  name: 'local',
  place: 'this machine',
  owner: 'ana',
  workers: 1,
  least: 1,
  most: 1,
  slots: 2,
  runs: 0,
  memory_bytes: 1,
  up_s: 1,
  idle_timeout_s: 600,
  core_hours: 0,
  address: 'tcp://127.0.0.1:1',
  dashboard: '',
  trouble: ''
};

describe('a cluster as people say it', () => {
  it.each([
    [1, 1, '1'],
    [1, 3, '1..3']
  ])('is wanted with %p to %p workers', (least, most, words) => {
    expect(wanted({ ...CLUSTER, least, most })).toBe(words);
  });

  it.each([
    [0, '0'],
    [0.012345, '0.012'],
    [0.0000004, '0'],
    [1.26, '1.3'],
    [47, '47'],
    [1234.5, '1235']
  ])('has cost %p core hours', (hours, words) => {
    expect(coreHours(hours)).toBe(words);
  });
});

describe('what is looked at again', () => {
  const unknown = { on: 'farm', error: 'it does not answer', hint: 'Look.' };
  it.each([
    [undefined, false],
    [{ clusters: [], unknown: [], vacant: true }, false],
    [{ clusters: [CLUSTER], unknown: [], vacant: false }, true],
    [{ clusters: [], unknown: [unknown], vacant: true }, true]
  ])('is %p', (found, is) => {
    expect(isAnything(found)).toBe(is);
  });
});

describe('what a question could force', () => {
  it.each([
    [new ApiError('it has 1 runs', 'Wait, or end them with `--force`.', 409), true],
    [new ApiError('a fixed number', 'Name one number: `mlrun-nb dask scale 3`.', 409), false],
    [new ApiError('nobody answers', 'Use `--force`.', 503), false],
    [new Error('--force'), false]
  ])('is %p', (error, is) => {
    expect(wouldForce(error)).toBe(is);
  });
});
