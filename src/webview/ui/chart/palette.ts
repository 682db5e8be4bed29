// Colours of charts as text that canvas and SVG both take. No page: colors.ts reads the theme.

export interface ChartColors {
  foreground: string;
  secondary: string;
  background: string;
  axis: string;
  grid: string;
  /** Brush, contour, the best. */
  accent: string;
  runs: string[];
  /** Opacity of lines that are not the hovered one. */
  faded: number;
  /** Font family of labels. */
  font: string;
}

/** Red, green and blue to 255, opacity to 1. */
export type Channels = readonly [number, number, number, number];
const normalized = new Map<string, Channels>();

/** `color` (#rgb, #rrggbb, #rrggbbaa, rgb(), rgba()) with its opacity times `alpha`. */
export function withAlpha(color: string, alpha: number): string {
  const [r, g, b, a] = channels(color);
  return `rgba(${r}, ${g}, ${b}, ${Math.round(a * alpha * 1000) / 1000})`;
}

export function channels(color: string): Channels {
  const known = normalized.get(color);
  if (known !== undefined) return known;
  const found = color.startsWith("#") ? fromHex(color.slice(1)) : fromNumbers(color);
  normalized.set(color, found);
  return found;
}

function fromHex(digits: string): Channels {
  const pairs = digits.length < 6 ? [...digits].map((digit) => digit + digit) : (digits.match(/../g) ?? []);
  const [r = 0, g = 0, b = 0, a = 255] = pairs.map((pair) => Number.parseInt(pair, 16));
  return [r, g, b, a / 255];
}

function fromNumbers(color: string): Channels {
  const [r = 0, g = 0, b = 0, a = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return [Math.round(r), Math.round(g), Math.round(b), a];
}

/** A run's colour: fixed by its ordinal, whatever else is drawn. */
export function runColor(ordinal: number, colors: ChartColors): string {
  return colors.runs[ordinal % 10] ?? colors.foreground;
}
