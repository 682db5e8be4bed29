/** Lets go of what was put into a map longest ago, but never of the newest, until the sizes are no more than `most` together. */
export function trimOldest<K, V>(kept: Map<K, V>, most: number, sizeOf: (value: V) => number = () => 1): void {
  let total = 0;
  for (const value of kept.values()) total += sizeOf(value);
  for (const [key, value] of kept) {
    if (total <= most || kept.size === 1) return;
    kept.delete(key);
    total -= sizeOf(value);
  }
}
