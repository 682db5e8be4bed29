import { signal } from "@preact/signals";

// Theme colours for canvases, which know no CSS variables.

export interface ChartColors {
  foreground: string;
  secondary: string;
  background: string;
  axis: string;
  grid: string;
  runs: string[];
  /** Opacity of lines that are not the hovered one. */
  faded: number;
  /** Font family of labels. */
  font: string;
}

const scratch = document.createElement("canvas").getContext("2d");
const normalized = new Map<string, [number, number, number, number]>();

/** The colours in force; changes with the theme. */
export const chartColors = signal<ChartColors>(readColors());

new MutationObserver(() => {
  chartColors.value = readColors();
}).observe(document.documentElement, { attributes: true, attributeFilter: ["class", "style"] });
new MutationObserver(() => {
  chartColors.value = readColors();
}).observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });

function readColors(): ChartColors {
  const style = getComputedStyle(document.body);
  const variable = (name: string, otherwise: string) => style.getPropertyValue(`--vscode-${name}`).trim() || otherwise;
  const highContrast = document.body.classList.contains("vscode-high-contrast");
  const foreground = style.color;
  return {
    foreground,
    secondary: withAlpha(foreground, 0.76),
    background: style.backgroundColor,
    axis: variable("charts-lines", withAlpha(foreground, 0.5)),
    grid: withAlpha(foreground, highContrast ? 0.2 : 0.07),
    runs: Array.from({ length: 10 }, (_, i) => variable(`flowdeck-run${i + 1}`, foreground)),
    faded: highContrast ? 0.7 : 0.38,
    font: variable("font-family", "sans-serif"),
  };
}

/** `color` (any CSS colour) with its opacity times `alpha`. */
export function withAlpha(color: string, alpha: number): string {
  const [r, g, b, a] = channels(color);
  return `rgba(${r}, ${g}, ${b}, ${a * alpha})`;
}

function channels(color: string): [number, number, number, number] {
  const known = normalized.get(color);
  if (known !== undefined) return known;
  if (scratch !== null) scratch.fillStyle = color;
  const text = typeof scratch?.fillStyle === "string" ? scratch.fillStyle : color;
  const hex = /^#(..)(..)(..)$/.exec(text);
  const parts =
    hex === null ? (text.match(/[\d.]+/g) ?? []).map(Number) : hex.slice(1).map((pair) => Number.parseInt(pair, 16));
  const found: [number, number, number, number] = [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0, parts[3] ?? 1];
  normalized.set(color, found);
  return found;
}

/** A run's colour: fixed by its ordinal, whatever else is drawn. */
export function runColor(ordinal: number, colors: ChartColors): string {
  return colors.runs[ordinal % 10] ?? colors.foreground;
}
