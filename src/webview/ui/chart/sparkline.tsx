import type { SeriesLine } from "../../../protocol/series.ts";
import { decimate } from "./decimate.ts";

interface Props {
  line: SeriesLine;
  ordinal: number;
  /** Px. */
  width: number;
  height: number;
  /** A dot marks the end of a line that still grows. */
  running: boolean;
}

/** A line without axes, in the run's colour. */
export function Sparkline({ line, ordinal, width, height, running }: Props) {
  const points = decimate(line.steps, line.values, width);
  const drawable = points.filter(({ y }) => !Number.isNaN(y));
  const last = drawable.at(-1);
  const first = points[0];
  if (first === undefined || last === undefined || drawable.length < 2) return null;
  const ys = drawable.map(({ y }) => y);
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const px = (x: number) => 1 + ((x - first.x) / (last.x - first.x || 1)) * (width - 5);
  const py = (y: number) => 2 + (1 - (y - low) / (high - low || 1)) * (height - 4);
  let pen = "M";
  const path = points.map(({ x, y }) => {
    if (Number.isNaN(y)) {
      pen = "M";
      return "";
    }
    const move = `${pen}${px(x).toFixed(1)} ${py(y).toFixed(1)}`;
    pen = "L";
    return move;
  });
  return (
    <svg class={`spark run${(ordinal % 10) + 1}`} width={width} height={height} aria-hidden="true">
      <path d={path.join("")} />
      {running ? <circle cx={px(last.x)} cy={py(last.y)} r="2" /> : null}
    </svg>
  );
}
