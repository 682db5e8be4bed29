interface Point {
  x: number;
  y: number;
}

/** Room for the head at the end of a line, px. */
const HEAD = 7;

/** The path of a line through these points: level at each of them, curved where it changes columns; and its head. */
export function linePath(points: readonly Point[]): { line: string; head: string } {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return { line: "", head: "" };
  let line = `M${first.x} ${first.y}`;
  let before = first;
  for (const point of rest) {
    const x = point === last ? point.x - HEAD : point.x;
    if (before.y === point.y) line += `H${x}`;
    else {
      const middle = Math.round((before.x + x) / 2);
      line += `C${middle} ${before.y} ${middle} ${point.y} ${x} ${point.y}`;
    }
    before = { x, y: point.y };
  }
  return { line, head: `M${last.x - HEAD} ${last.y - 3.5}l6 3.5l-6 3.5z` };
}
