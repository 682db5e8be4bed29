import { signal } from "@preact/signals";
import { type ChartColors, withAlpha } from "./palette.ts";

// Theme colours for canvases, which know no CSS variables.

const scratch = document.createElement("canvas").getContext("2d");

/** The colours in force; changes with the theme. */
export const chartColors = signal<ChartColors>(readColors());

const read = () => {
  chartColors.value = readColors();
};
new MutationObserver(read).observe(document.documentElement, { attributes: true, attributeFilter: ["class", "style"] });
new MutationObserver(read).observe(document.body, {
  attributes: true,
  attributeFilter: ["class", "data-vscode-theme-id"],
});

function readColors(): ChartColors {
  const style = getComputedStyle(document.body);
  const variable = (name: string, otherwise: string) =>
    plain(style.getPropertyValue(`--vscode-${name}`).trim()) || otherwise;
  const highContrast =
    document.body.classList.contains("vscode-high-contrast") ||
    document.body.classList.contains("vscode-high-contrast-light");
  const foreground = plain(style.color);
  return {
    foreground,
    secondary: withAlpha(foreground, 0.76),
    background: plain(style.backgroundColor),
    axis: variable("charts-lines", withAlpha(foreground, 0.5)),
    grid: withAlpha(foreground, highContrast ? 0.2 : 0.07),
    accent: variable(highContrast ? "textLink-foreground" : "focusBorder", foreground),
    runs: Array.from({ length: 10 }, (_, i) => variable(`flowdeck-run${i + 1}`, foreground)),
    faded: highContrast ? 0.7 : 0.38,
    font: style.getPropertyValue("--vscode-font-family").trim() || "sans-serif",
  };
}

/** Any CSS colour as `#rrggbb` or `rgba()`; a canvas knows all of them. */
function plain(color: string): string {
  if (scratch === null || color === "") return color;
  scratch.fillStyle = color;
  return typeof scratch.fillStyle === "string" ? scratch.fillStyle : color;
}
