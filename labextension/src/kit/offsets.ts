/** Where the items of a list begin, and which of them are between two heights. */

/** The distance of each item from the top, and last the height of all. */
export function offsetsOf(heights: readonly number[]): readonly number[] {
  const offsets = [0];
  let sum = 0;
  for (const height of heights) {
    sum += height;
    offsets.push(sum);
  }
  return offsets;
}

/** The indexes of the first and the last item between `top` and `bottom`; [0, -1] where there is none. */
export function visibleRange(
  offsets: readonly number[],
  top: number,
  bottom: number
): [number, number] {
  const count = offsets.length - 1;
  if (count <= 0) {
    return [0, -1];
  }
  return [clamp(before(offsets, top), count), clamp(before(offsets, bottom), count)];
}

/** The last index whose offset is not beyond `at`. */
function before(offsets: readonly number[], at: number): number {
  let [low, high] = [0, offsets.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((offsets[middle] ?? Infinity) <= at) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

function clamp(index: number, count: number): number {
  return Math.max(0, Math.min(index, count - 1));
}
