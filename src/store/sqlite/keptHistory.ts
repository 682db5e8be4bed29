import { extremes, isSorted, type Points, sortWithinSteps } from "../series.ts";

/** Points that are kept as they are, 24 bytes each; of a longer history only the extremes of each block. */
export const MOST_EXACT = 100_000;
/** Points of a block. */
const BLOCK = 64;

/** One metric of one run, as it was read so far. */
export class KeptHistory {
  /** Every point, or those of the blocks and then what is not yet a block. */
  #points = new GrowingPoints();
  /** Where what is not yet a block begins. */
  #loose = 0;
  #exact = true;
  /** Points of the history. */
  total = 0;
  /** The earliest time. */
  began = Number.NaN;
  /** The last row read, in the order of steps and rows. */
  last = { step: -Number.MAX_VALUE, id: 0 };
  /** Rows up to this one were looked at. */
  seenTo = 0;

  /** Whether `points` has every one. */
  get exact(): boolean {
    return this.#exact;
  }

  get points(): Points {
    return this.#points.view();
  }

  /** How many points are held in memory. */
  get size(): number {
    return this.#points.capacity;
  }

  /** Points that follow those that are there. */
  add({ steps, timestamps, values }: Points): void {
    const before = this.#points.length;
    for (let i = 0; i < values.length; i++) {
      const timestamp = timestamps[i] ?? 0;
      if (!(timestamp >= this.began)) this.began = timestamp;
      this.#points.push(steps[i] ?? 0, timestamp, values[i] ?? 0);
      if (!this.#exact && this.#points.length - this.#loose === BLOCK) this.#condense();
    }
    this.total += values.length;
    if (this.#exact && !isSorted(this.#points.view(), before)) {
      this.#points.replace(sortWithinSteps(this.#points.view()));
    }
    if (this.#exact && this.total > MOST_EXACT) this.#toBlocks();
  }

  #toBlocks(): void {
    const { steps, timestamps, values } = this.#points.view();
    this.#points = new GrowingPoints();
    this.#exact = false;
    for (let i = 0; i < values.length; i++) {
      this.#points.push(steps[i] ?? 0, timestamps[i] ?? 0, values[i] ?? 0);
      // The first point stays for itself.
      if (i === 0) this.#loose = 1;
      if (this.#points.length - this.#loose === BLOCK) this.#condense();
    }
  }

  /** Leaves of the loose points the smallest and the largest. */
  #condense(): void {
    const points = this.#points.view();
    const kept = extremes(points.values, this.#loose, points.values.length);
    const rows = kept.map((i) => [points.steps[i] ?? 0, points.timestamps[i] ?? 0, points.values[i] ?? 0] as const);
    this.#points.length = this.#loose;
    for (const row of rows) this.#points.push(...row);
    this.#loose = this.#points.length;
  }
}

class GrowingPoints {
  #columns: Points = { steps: new Float64Array(64), timestamps: new Float64Array(64), values: new Float64Array(64) };
  length = 0;

  get capacity(): number {
    return this.#columns.values.length;
  }

  push(step: number, timestamp: number, value: number): void {
    if (this.length === this.capacity) this.#grow();
    this.#columns.steps[this.length] = step;
    this.#columns.timestamps[this.length] = timestamp;
    this.#columns.values[this.length++] = value;
  }

  view(): Points {
    const { steps, timestamps, values } = this.#columns;
    return {
      steps: steps.subarray(0, this.length),
      timestamps: timestamps.subarray(0, this.length),
      values: values.subarray(0, this.length),
    };
  }

  /** The same points in another order. */
  replace({ steps, timestamps, values }: Points): void {
    this.#columns.steps.set(steps);
    this.#columns.timestamps.set(timestamps);
    this.#columns.values.set(values);
  }

  #grow(): void {
    const wider = (column: Float64Array) => {
      const next = new Float64Array(column.length * 2);
      next.set(column);
      return next;
    };
    const { steps, timestamps, values } = this.#columns;
    this.#columns = { steps: wider(steps), timestamps: wider(timestamps), values: wider(values) };
  }
}
