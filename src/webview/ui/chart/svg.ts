import { LABEL_SIZE, type Layers, type Shape, type Stroke } from "./shapes.ts";

// A chart as SVG text, of the same shapes that the canvas shows.

export interface SvgPage {
  width: number;
  height: number;
  title: string;
  description: string;
  font: string;
  ground: string;
  /** Under the series: grid, axes, labels. */
  back: Shape[];
  layers: Layers;
  /** The plot area: series do not leave it. */
  area: { left: number; right: number; top: number; bottom: number };
}

export function svgOf(page: SvgPage): string {
  const { width, height, area } = page;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${escaped(page.font)}">`,
    `<title>${escaped(page.title)}</title>`,
    `<desc>${escaped(page.description)}</desc>`,
    `<clipPath id="area"><rect x="${number(area.left)}" y="${number(area.top)}" width="${number(area.right - area.left)}" height="${number(area.bottom - area.top)}"/></clipPath>`,
    `<rect width="${width}" height="${height}"${paintOf("fill", page.ground)}/>`,
    ...page.back.map(element),
    `<g clip-path="url(#area)">`,
    ...page.layers.series.map(element),
    "</g>",
    ...page.layers.marks.map(element),
    "</svg>",
    "",
  ].join("\n");
}

function element(shape: Shape): string {
  switch (shape.kind) {
    case "path":
      return `<path d="${pathOf(shape.xs, shape.ys, shape.closed === true)}"${look(shape)}/>`;
    case "rings":
      return `<path fill-rule="evenodd" d="${shape.rings.map(ringOf).join("")}"${look(shape)}/>`;
    case "rect":
      return `<rect x="${number(shape.x)}" y="${number(shape.y)}" width="${number(shape.width)}" height="${number(shape.height)}"${look(shape)}/>`;
    case "circle":
      return `<circle cx="${number(shape.x)}" cy="${number(shape.y)}" r="${number(shape.radius)}"${look(shape)}/>`;
    case "text": {
      const anchor = { left: "start", center: "middle", right: "end" }[shape.align ?? "left"];
      const baseline = { top: "hanging", middle: "central", bottom: "text-after-edge" }[shape.baseline ?? "middle"];
      const turn = shape.upright === true ? ` transform="rotate(-90 ${number(shape.x)} ${number(shape.y)})"` : "";
      const weight = shape.strong === true ? ' font-weight="600"' : "";
      return `<text x="${number(shape.x)}" y="${number(shape.y)}" text-anchor="${anchor}" dominant-baseline="${baseline}" font-size="${shape.size ?? LABEL_SIZE}"${weight}${turn}${paintOf("fill", shape.color)}>${escaped(shape.text)}</text>`;
    }
    default:
      return shape satisfies never;
  }
}

function look({ stroke, fill }: { stroke?: Stroke | undefined; fill?: string | undefined }): string {
  const filled = fill === undefined ? ' fill="none"' : paintOf("fill", fill);
  if (stroke === undefined) return filled;
  const dash =
    stroke.dash === undefined || stroke.dash.length === 0 ? "" : ` stroke-dasharray="${stroke.dash.join(" ")}"`;
  return `${filled}${paintOf("stroke", stroke.color)} stroke-width="${number(stroke.width)}" stroke-linejoin="round"${dash}`;
}

/** A colour with its opacity apart: not every reader of SVG knows `rgba()`. */
function paintOf(what: "fill" | "stroke", color: string): string {
  const parts = /^rgba\((\d+), (\d+), (\d+), ([\d.e-]+)\)$/.exec(color);
  if (parts === null) return ` ${what}="${escaped(color)}"`;
  const hex = parts.slice(1, 4).map((part) => Number(part).toString(16).padStart(2, "0"));
  const opacity = Number(parts[4]);
  return ` ${what}="#${hex.join("")}"${opacity < 1 ? ` ${what}-opacity="${number(opacity)}"` : ""}`;
}

function pathOf(xs: ArrayLike<number>, ys: ArrayLike<number>, closed: boolean): string {
  const parts: string[] = [];
  let down = false;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] ?? Number.NaN;
    const y = ys[i] ?? Number.NaN;
    const there = !(Number.isNaN(x) || Number.isNaN(y));
    if (there) parts.push(`${down ? "L" : "M"}${number(x)} ${number(y)}`);
    down = there;
  }
  return `${parts.join("")}${closed ? "Z" : ""}`;
}

function ringOf(ring: ArrayLike<number>): string {
  const parts: string[] = [];
  for (let i = 0; i + 1 < ring.length; i += 2)
    parts.push(`${i === 0 ? "M" : "L"}${number(ring[i] ?? 0)} ${number(ring[i + 1] ?? 0)}`);
  return `${parts.join("")}Z`;
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  // Characters that XML does not allow at all cannot be written either way.
  return text
    .replace(/[&<>"]/g, (character) => names[character] ?? character)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}
