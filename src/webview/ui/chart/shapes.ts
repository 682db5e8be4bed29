// What a chart draws over its axes, as data: painted on a canvas, written as SVG, looked at by tests. All in px.

export interface Stroke {
  color: string;
  width: number;
  dash?: number[] | undefined;
}

export type Shape =
  /** A line through points; NaN is a gap. */
  | {
      kind: "path";
      xs: ArrayLike<number>;
      ys: ArrayLike<number>;
      stroke?: Stroke | undefined;
      fill?: string | undefined;
      closed?: boolean | undefined;
    }
  /** Closed rings of x, y, x, y …; what lies within an even number of them is not filled. */
  | { kind: "rings"; rings: ArrayLike<number>[]; stroke?: Stroke | undefined; fill?: string | undefined }
  | {
      kind: "rect";
      x: number;
      y: number;
      width: number;
      height: number;
      stroke?: Stroke | undefined;
      fill?: string | undefined;
    }
  | {
      kind: "circle";
      x: number;
      y: number;
      radius: number;
      stroke?: Stroke | undefined;
      fill?: string | undefined;
    }
  | {
      kind: "text";
      x: number;
      y: number;
      text: string;
      color: string;
      align?: "left" | "center" | "right";
      /** Where `y` is of the letters; absent: their middle. */
      baseline?: "top" | "middle" | "bottom";
      strong?: boolean | undefined;
      size?: number;
      /** Quarter turn to the left. */
      upright?: boolean;
    };

/** A chart's shapes: `series` stay within the plot area, `marks` may reach beyond it. */
export interface Layers {
  series: Shape[];
  marks: Shape[];
}

export const LABEL_SIZE = 11;

/** Points from which on a line's joins are plain. */
const MANY_POINTS = 100;

/** Draws shapes; `family` is the font of their texts. */
export function paint(ctx: CanvasRenderingContext2D, shapes: Shape[], family: string): void {
  for (const shape of shapes) {
    if (shape.kind === "text") {
      paintText(ctx, shape, family);
      continue;
    }
    ctx.beginPath();
    trace(ctx, shape);
    if (shape.fill !== undefined) {
      ctx.fillStyle = shape.fill;
      ctx.fill(shape.kind === "rings" ? "evenodd" : "nonzero");
    }
    if (shape.stroke !== undefined) {
      ctx.strokeStyle = shape.stroke.color;
      ctx.lineWidth = shape.stroke.width;
      ctx.setLineDash(shape.stroke.dash ?? []);
      // Round joins of hundreds of points cost more than all else, and nobody sees them.
      const many = shape.kind === "path" && shape.xs.length > MANY_POINTS;
      ctx.lineJoin = many ? "bevel" : "round";
      ctx.lineCap = many || (shape.stroke.dash !== undefined && shape.stroke.dash.length > 0) ? "butt" : "round";
      ctx.stroke();
    }
  }
  ctx.setLineDash([]);
}

function trace(ctx: CanvasRenderingContext2D, shape: Exclude<Shape, { kind: "text" }>): void {
  switch (shape.kind) {
    case "path": {
      let down = false;
      for (let i = 0; i < shape.xs.length; i++) {
        const x = shape.xs[i] ?? Number.NaN;
        const y = shape.ys[i] ?? Number.NaN;
        if (Number.isNaN(x) || Number.isNaN(y)) {
          down = false;
          continue;
        }
        if (down) ctx.lineTo(x, y);
        else ctx.moveTo(x, y);
        down = true;
      }
      if (shape.closed === true) ctx.closePath();
      return;
    }
    case "rings":
      for (const ring of shape.rings) {
        for (let i = 0; i + 1 < ring.length; i += 2) {
          const x = ring[i] ?? 0;
          const y = ring[i + 1] ?? 0;
          if (i === 0) ctx.moveTo(x, y);
          else ctx.lineTo(x, y);
        }
        ctx.closePath();
      }
      return;
    case "rect":
      ctx.rect(shape.x, shape.y, shape.width, shape.height);
      return;
    case "circle":
      ctx.arc(shape.x, shape.y, shape.radius, 0, 2 * Math.PI);
      return;
    default:
      shape satisfies never;
  }
}

function paintText(ctx: CanvasRenderingContext2D, shape: Extract<Shape, { kind: "text" }>, family: string): void {
  ctx.font = `${shape.strong === true ? "600 " : ""}${shape.size ?? LABEL_SIZE}px ${family}`;
  ctx.fillStyle = shape.color;
  ctx.textAlign = shape.align ?? "left";
  ctx.textBaseline = shape.baseline ?? "middle";
  if (shape.upright !== true) {
    ctx.fillText(shape.text, shape.x, shape.y);
    return;
  }
  ctx.save();
  ctx.translate(shape.x, shape.y);
  ctx.rotate(-Math.PI / 2);
  ctx.fillText(shape.text, 0, 0);
  ctx.restore();
}

/** Letters are about this wide for their size; what is measured before there is a canvas goes by it, with some slack. */
const LETTER = 0.58;

export function textWidth(text: string, size = LABEL_SIZE): number {
  return Math.ceil(text.length * size * LETTER);
}
