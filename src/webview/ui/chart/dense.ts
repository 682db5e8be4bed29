import { type Path, rasterize } from "./raster.ts";
import { paint, type Shape } from "./shapes.ts";
import type { Area } from "./place.ts";

/** Points of lines from which on they are painted px by px. */
const MANY_POINTS = 6_000;

let scratch: HTMLCanvasElement | undefined;

/** Draws what stands within `area`; of very many points as px of ours. */
export function paintSeries(ctx: CanvasRenderingContext2D, shapes: Shape[], family: string, area: Area): void {
  const paths = shapes.filter(isLine);
  const points = paths.reduce((sum, { xs }) => sum + xs.length, 0);
  if (points < MANY_POINTS) return paint(ctx, shapes, family);
  const first = shapes.findIndex(({ kind }) => kind === "path");
  const isPath = new Set<Shape>(paths);
  paint(ctx, shapes.slice(0, first), family);
  paintPixels(ctx, paths, area);
  paint(
    ctx,
    shapes.slice(first).filter((shape) => !isPath.has(shape)),
    family,
  );
}

function isLine(shape: Shape): shape is Path {
  return shape.kind === "path" && shape.fill === undefined && rises(shape.xs);
}

function rises(xs: ArrayLike<number>): boolean {
  let before = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] ?? Number.NaN;
    if (x < before) return false;
    if (!Number.isNaN(x)) before = x;
  }
  return true;
}

function paintPixels(ctx: CanvasRenderingContext2D, paths: Path[], area: Area): void {
  const scale = ctx.getTransform().a;
  const left = Math.floor((area.left - 1) * scale);
  const top = Math.floor((area.top - 1) * scale);
  const width = Math.max(1, Math.ceil((area.right + 1) * scale) - left);
  const height = Math.max(1, Math.ceil((area.bottom + 1) * scale) - top);
  const pixels = rasterize(paths, { left, top, width, height, scale });
  scratch ??= document.createElement("canvas");
  if (scratch.width !== width || scratch.height !== height) Object.assign(scratch, { width, height });
  // As it replaces px, it goes the way over a canvas of its own.
  scratch.getContext("2d")?.putImageData(new ImageData(pixels, width, height), 0, 0);
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.drawImage(scratch, left, top);
  ctx.restore();
}
