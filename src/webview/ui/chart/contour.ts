// Level lines over a grid: what a metric is like between the runs that measured it.

export interface Grid {
  /** Columns and rows; values row by row, from the least y on. NaN: too far from any run. */
  columns: number;
  rows: number;
  values: Float64Array;
}

/** A place in the unit square with its value. */
export interface Sample {
  x: number;
  y: number;
  z: number;
}

/** Neighbours that decide how far a sample reaches. */
const NEIGHBOURS = 6;
/** Samples beyond this many are thinned: more change the picture little. */
const MOST_SAMPLES = 600;

/**
 * Values between samples, as averages weighed by nearness: nothing lies outside what was measured. How near is near follows
 * from how far apart samples lie; where none is within three times that, nothing is known.
 */
export function gridOf(all: Sample[], columns: number, rows: number): Grid {
  const every = Math.max(1, Math.ceil(all.length / MOST_SAMPLES));
  const samples = all.filter((_, i) => i % every === 0);
  const reach = Math.min(0.35, Math.max(0.05, reachOf(samples)));
  const values = new Float64Array(columns * rows).fill(Number.NaN);
  const scale = 1 / (2 * reach * reach);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = [column / (columns - 1), row / (rows - 1)];
      let [sum, weights, nearest] = [0, 0, Number.POSITIVE_INFINITY];
      for (const sample of samples) {
        const distance = (sample.x - x) ** 2 + (sample.y - y) ** 2;
        const weight = Math.exp(-distance * scale);
        sum += weight * sample.z;
        weights += weight;
        if (distance < nearest) nearest = distance;
      }
      if (weights > 0 && nearest <= (3 * reach) ** 2) values[row * columns + column] = sum / weights;
    }
  }
  return { columns, rows, values };
}

/** The usual distance to the sixth neighbour, of some of the samples. */
function reachOf(samples: Sample[]): number {
  const every = Math.max(1, Math.floor(samples.length / 60));
  const distances = samples
    .filter((_, i) => i % every === 0)
    .map(({ x, y }) => {
      const near = samples.map((other) => Math.hypot(other.x - x, other.y - y)).sort((a, b) => a - b);
      return near[Math.min(NEIGHBOURS, near.length - 1)] ?? 0;
    })
    .sort((a, b) => a - b);
  return distances[Math.floor(distances.length / 2)] ?? 0;
}

/**
 * Rings around where the grid is above `level` (marching squares), in grid units as x, y, x, y …; the border closes those that
 * reach it. Rings within rings are holes.
 */
export function ringsAbove({ columns, rows, values }: Grid, level: number): number[][] {
  // A border of nothing around the grid closes every ring.
  const [width, height] = [columns + 2, rows + 2];
  const at = (column: number, row: number) => {
    if (column < 1 || row < 1 || column > columns || row > rows) return Number.NEGATIVE_INFINITY;
    const value = values[(row - 1) * columns + column - 1] ?? Number.NaN;
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  };
  // An edge has a number: 2 × its lower left corner, + 1 when it is upright.
  const across = (column: number, row: number) => 2 * (row * width + column);
  const upright = (column: number, row: number) => across(column, row) + 1;
  const next = new Map<number, number>();
  for (let row = 0; row < height - 1; row++) {
    for (let column = 0; column < width - 1; column++) {
      const [a, b, c, d] = [at(column, row), at(column + 1, row), at(column + 1, row + 1), at(column, row + 1)];
      const inside = Number(a > level) | (Number(b > level) << 1) | (Number(c > level) << 2) | (Number(d > level) << 3);
      const sides = [
        across(column, row),
        upright(column + 1, row),
        across(column, row + 1),
        upright(column, row),
      ] as const;
      const middle = (a + b + c + d) / 4 > level;
      for (const [from, to] of segments(inside, middle)) {
        const [start, end] = [sides[from], sides[to]];
        if (start !== undefined && end !== undefined) next.set(start, end);
      }
    }
  }
  const place = (edge: number): [number, number] => {
    const corner = edge >> 1;
    const [column, row] = [corner % width, Math.floor(corner / width)];
    const [toColumn, toRow] = edge % 2 === 1 ? [column, row + 1] : [column + 1, row];
    const [first, second] = [at(column, row), at(toColumn, toRow)];
    const share =
      Number.isFinite(first) && Number.isFinite(second)
        ? (level - first) / (second - first)
        : Number.isFinite(first)
          ? 0
          : 1;
    const x = column + (toColumn - column) * share - 1;
    const y = row + (toRow - row) * share - 1;
    return [Math.min(columns - 1, Math.max(0, x)), Math.min(rows - 1, Math.max(0, y))];
  };
  return loops(next).map((edges) => edges.flatMap(place));
}

/** From which side to which the line goes, with the inside at its left; sides: 0 below, 1 right, 2 above, 3 left. */
function segments(inside: number, middle: boolean): readonly (readonly [number, number])[] {
  const table: readonly (readonly (readonly [number, number])[])[] = [
    [],
    [[0, 3]],
    [[1, 0]],
    [[1, 3]],
    [[2, 1]],
    middle
      ? [
          [0, 1],
          [2, 3],
        ]
      : [
          [0, 3],
          [2, 1],
        ],
    [[2, 0]],
    [[2, 3]],
    [[3, 2]],
    [[0, 2]],
    middle
      ? [
          [3, 0],
          [1, 2],
        ]
      : [
          [1, 0],
          [3, 2],
        ],
    [[1, 2]],
    [[3, 1]],
    [[0, 1]],
    [[3, 0]],
    [],
  ];
  return table[inside] ?? [];
}

function loops(next: Map<number, number>): number[][] {
  const found: number[][] = [];
  while (next.size > 0) {
    const [start] = next.keys();
    const loop: number[] = [];
    let edge = start;
    while (edge !== undefined && next.has(edge)) {
      loop.push(edge);
      const following = next.get(edge);
      next.delete(edge);
      edge = following;
    }
    if (loop.length > 2) found.push(loop);
  }
  return found;
}
