import { readJson } from "./jsonTree.ts";

// GeoJSON (RFC 7946) as lines of a plain map: degrees to px, narrower towards the poles, no tiles.

type Position = readonly [number, number];

/** What is drawn, in px of a map that is 400 wide. */
export interface DrawnMap {
  width: number;
  height: number;
  /** Path data. */
  areas: string;
  lines: string;
  points: [number, number][];
  /** Round degrees inside the map, with their place in px. */
  meridians: { at: number; label: string }[];
  parallels: { at: number; label: string }[];
  features: number;
}

interface Shapes {
  areas: Position[][];
  lines: Position[][];
  points: Position[];
  features: number;
}

const WIDTH = 400;

/** @throws one sentence for what is no GeoJSON. */
export function drawMap(text: string, name: string): DrawnMap {
  const shapes: Shapes = { areas: [], lines: [], points: [], features: 0 };
  collect(readJson(text, name), shapes, 0);
  const all = [...shapes.areas.flat(), ...shapes.lines.flat(), ...shapes.points];
  if (all.length === 0) throw new Error(`${name} has no place that could be drawn; an editor shows it as text.`);
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of all) {
    west = Math.min(west, x);
    east = Math.max(east, x);
    south = Math.min(south, y);
    north = Math.max(north, y);
  }
  // Room around, and something to see of a single place.
  const room = Math.max((east - west) * 0.04, (north - south) * 0.04, 0.01);
  [west, east, south, north] = [west - room, east + room, south - room, north + room];
  const middle = Math.cos((Math.min(85, Math.abs((south + north) / 2)) * Math.PI) / 180);
  const scale = Math.min(WIDTH / ((east - west) * middle), 400 / (north - south));
  const px = ([x, y]: Position): [number, number] => [round((x - west) * middle * scale), round((north - y) * scale)];
  const path = (positions: Position[], closed: boolean) =>
    positions.map((position, i) => `${i === 0 ? "M" : "L"}${px(position).join(" ")}`).join("") + (closed ? "Z" : "");
  return {
    width: round((east - west) * middle * scale),
    height: round((north - south) * scale),
    areas: shapes.areas.map((ring) => path(ring, true)).join(""),
    lines: shapes.lines.map((line) => path(line, false)).join(""),
    points: shapes.points.map(px),
    meridians: ticks(west, east).map((x) => ({ at: px([x, north])[0], label: degrees(x, "E", "W") })),
    parallels: ticks(south, north).map((y) => ({ at: px([west, y])[1], label: degrees(y, "N", "S") })),
    features: shapes.features,
  };
}

/** The border: whatever is no geometry is passed over. */
function collect(value: unknown, shapes: Shapes, depth: number): void {
  if (typeof value !== "object" || value === null || depth > 12) return;
  const { type, coordinates, features, geometries, geometry } = value as Record<string, unknown>;
  const lists = positionLists(coordinates);
  switch (type) {
    case "FeatureCollection":
      for (const feature of listOf(features)) collect(feature, shapes, depth + 1);
      return;
    case "Feature":
      shapes.features += 1;
      collect(geometry, shapes, depth + 1);
      return;
    case "GeometryCollection":
      for (const inner of listOf(geometries)) collect(inner, shapes, depth + 1);
      return;
    case "Point":
    case "MultiPoint":
      shapes.points.push(...lists.flat());
      return;
    case "LineString":
    case "MultiLineString":
      shapes.lines.push(...lists);
      return;
    case "Polygon":
    case "MultiPolygon":
      shapes.areas.push(...lists);
  }
}

/** Every innermost list of positions, however deep; a position alone is a list of one. */
function positionLists(value: unknown): Position[][] {
  if (!Array.isArray(value)) return [];
  const own = positionOf(value);
  if (own !== undefined) return [[own]];
  const positions = value.map(positionOf);
  if (positions.length > 0 && positions.every((position) => position !== undefined)) return [positions];
  return value.flatMap(positionLists);
}

function positionOf(value: unknown): Position | undefined {
  if (!Array.isArray(value) || value.length < 2) return undefined;
  const [x, y]: unknown[] = value;
  if (typeof x !== "number" || typeof y !== "number" || !Number.isFinite(x) || !Number.isFinite(y)) return undefined;
  return [x, y];
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Three to six round values in between. */
function ticks(from: number, to: number): number[] {
  const rough = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * step).toPrecision(10)));
}

function degrees(value: number, positive: string, negative: string): string {
  return `${Math.abs(value)}° ${value < 0 ? negative : positive}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
