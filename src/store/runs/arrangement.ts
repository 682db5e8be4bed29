/** The rows that a table shows. */
export interface Arrangement {
  /** Rows, those of groups included. */
  total: number;
  /** By row: the slot of a run, or -1 - index of a group. */
  rows: Int32Array;
  depths: Uint8Array;
  /** By row; of a group, its runs. */
  children: Uint32Array;
  childrenRunning: Uint32Array;
  context: Uint8Array;
  pinned: Uint8Array;
  groups: ArrangedGroup[];
  /** Runs that match and are not hidden. */
  runs: Uint32Array;
  running: number;
}

export interface ArrangedGroup {
  id: string;
  values: (string | null)[];
  /** In the order of the rows. */
  members: Uint32Array;
  running: number;
  folded: boolean;
}

/** Rows that are the runs, none above or below another. */
export function plainRows(runs: Uint32Array): Omit<Arrangement, "groups" | "runs" | "running"> {
  const total = runs.length;
  return {
    total,
    rows: new Int32Array(runs),
    depths: new Uint8Array(total),
    children: new Uint32Array(total),
    childrenRunning: new Uint32Array(total),
    context: new Uint8Array(total),
    pinned: new Uint8Array(total),
  };
}

/** Rows as they are written, one after the other. */
export class Rows {
  #count = 0;
  readonly #rows: Int32Array;
  readonly #depths: Uint8Array;
  readonly #children: Uint32Array;
  readonly #running: Uint32Array;
  readonly #context: Uint8Array;
  readonly #pinned: Uint8Array;

  constructor(most: number) {
    this.#rows = new Int32Array(most);
    this.#depths = new Uint8Array(most);
    this.#children = new Uint32Array(most);
    this.#running = new Uint32Array(most);
    this.#context = new Uint8Array(most);
    this.#pinned = new Uint8Array(most);
  }

  add(row: number, depth: number, children = 0, childrenRunning = 0, context = 0, pinned = 0): void {
    const at = this.#count++;
    this.#rows[at] = row;
    this.#depths[at] = Math.min(depth, 255);
    this.#children[at] = children;
    this.#running[at] = childrenRunning;
    this.#context[at] = context;
    this.#pinned[at] = pinned;
  }

  done(): Omit<Arrangement, "groups" | "runs" | "running"> {
    return {
      total: this.#count,
      rows: this.#rows,
      depths: this.#depths,
      children: this.#children,
      childrenRunning: this.#running,
      context: this.#context,
      pinned: this.#pinned,
    };
  }
}
