/** From numbers to places on a chart. */

/** The ends of an axis; numbers of a logarithmic one are above 0. */
export type Range = { readonly low: number; readonly high: number; readonly isLog?: boolean };

/** The range of the finite ones of `numbers`; one number alone gets a little room, none at all the range from 0 to 1. */
export function rangeOf(numbers: readonly number[], isLog = false): Range {
  const fit = numbers.filter(each => Number.isFinite(each) && (!isLog || each > 0));
  if (fit.length === 0) {
    return isLog ? { low: 0.1, high: 1, isLog } : { low: 0, high: 1, isLog };
  }
  const [low, high] = fit.reduce(
    ([least, most], each) => [Math.min(least, each), Math.max(most, each)],
    [Infinity, -Infinity]
  );
  if (low < high) {
    return { low, high, isLog };
  }
  const room = Math.abs(low) * 0.1 || 1;
  return isLog
    ? { low: low / 2, high: high * 2, isLog }
    : { low: low - room, high: high + room, isLog };
}

/** Where a number stands between the ends, from 0 to 1; undefined where it has no place. */
export function placeOf(number: number, { low, high, isLog }: Range): number | undefined {
  if (!Number.isFinite(number) || (isLog && number <= 0)) {
    return undefined;
  }
  return isLog
    ? (Math.log(number) - Math.log(low)) / (Math.log(high) - Math.log(low))
    : (number - low) / (high - low);
}

/** Round numbers between the ends, about `wanted` of them. */
export function ticksOf({ low, high, isLog }: Range, wanted = 5): readonly number[] {
  if (isLog) {
    const powers = logTicks(low, high, wanted);
    if (powers.length >= 2) {
      return powers;
    }
  }
  const step = roundStep((high - low) / Math.max(1, wanted));
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) =>
    clean((first + index) * step, step)
  );
}

/** A number as short as it can be told from its neighbours. */
export function shortNumber(number: number): string {
  if (number === 0 || !Number.isFinite(number)) {
    return String(number);
  }
  const size = Math.abs(number);
  if (size >= 1e6 || size < 1e-4) {
    return Number(number.toPrecision(3)).toExponential().replace('e+', 'e');
  }
  return size >= 1000
    ? Number(number.toPrecision(5)).toLocaleString('en-US')
    : String(Number(number.toPrecision(4)));
}

/**
 * The moving mean in which older numbers count less and less.
 *
 * @param weight of what came before, from 0 (nothing is smoothed) to below 1
 */
export function smoothed(numbers: readonly number[], weight: number): readonly number[] {
  let mean = 0;
  let sum = 0;
  return numbers.map(number => {
    if (!Number.isFinite(number)) {
      return number;
    }
    mean = weight * mean + (1 - weight) * number;
    sum = weight * sum + (1 - weight);
    return mean / sum;
  });
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const times = rough / power;
  return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
}

/** Without the dust of floating point. */
function clean(number: number, step: number): number {
  const digits = Math.max(0, Math.min(20, -Math.floor(Math.log10(step)) + 1));
  return Number(number.toFixed(digits));
}

function logTicks(low: number, high: number, wanted: number): readonly number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const every = Math.max(1, Math.ceil((last - first + 1) / wanted));
  const found = [];
  for (let power = first; power <= last; power += every) {
    found.push(Number(`1e${power}`));
  }
  return found;
}
