/** Buckets of a doubling: a percentile is exact to 9 %. */
const bucketsPerDoubling = 8;
/** The upper end of the first bucket, ms. */
const smallestMs = 0.05;
/** The last bucket takes everything from about 50 minutes on. */
const bucketCount = 26 * bucketsPerDoubling;

/** Times in buckets that grow with them: little memory, and cheap to count. */
export interface LatencyHistogram {
  add(ms: number): void;
  /** The time, ms, that this part (0 to 1) of all times did not exceed. Undefined without any. */
  percentile(part: number): number | undefined;
  reset(): void;
}

/** An empty histogram. */
export function latencyHistogram(): LatencyHistogram {
  const buckets = new Uint32Array(bucketCount);
  let count = 0;
  return {
    add(ms) {
      const index = ms <= smallestMs ? 0 : Math.ceil(Math.log2(ms / smallestMs) * bucketsPerDoubling);
      const at = Math.min(index, bucketCount - 1);
      buckets[at] = (buckets[at] ?? 0) + 1;
      count += 1;
    },
    percentile(part) {
      if (count === 0) {
        return undefined;
      }
      let left = Math.max(1, Math.ceil(part * count));
      const index = buckets.findIndex((inBucket) => {
        left -= inBucket;
        return left <= 0;
      });
      return smallestMs * 2 ** (index / bucketsPerDoubling);
    },
    reset() {
      buckets.fill(0);
      count = 0;
    },
  };
}
