// What is waited for in a page, in ours and in MLflow's alike. Each runs in the page and knows nothing of this file.

/** Names of runs stand in the table. */
export function rowsSeen() {
  const names = document.querySelectorAll(".pinnedColumn .label, .ag-row a");
  return [...names].some(({ textContent }) => /^run-\d+$/.test(textContent ?? ""));
}

/** The run's name is the first one in the table. */
export function rowIsFirst(name) {
  const rows = [...document.querySelectorAll(".pinnedColumn .label, .ag-row a[href*='/runs/']")]
    .map((row) => ({ text: row.textContent ?? "", top: row.getBoundingClientRect().top }))
    .filter(({ text }) => /^run-\d+$/.test(text))
    .sort((a, b) => a.top - b.top);
  return rows[0]?.text === name;
}

/** A chart of any kind has its lines or bars. */
export function chartSeen() {
  if (document.querySelector("[data-chart] .plot canvas[aria-label]") !== null) return true;
  const lines = document.querySelectorAll(".js-plotly-plot .scatterlayer .js-line");
  if ([...lines].some((line) => line.getAttribute("d")?.includes("L"))) return true;
  return document.querySelector(".js-plotly-plot .barlayer .point path") !== null;
}

/** A chart has at least so many lines. */
export function linesSeen(count) {
  const labels = [...document.querySelectorAll("[data-chart] .plot")].map((plot) => plot.getAttribute("aria-label"));
  return labels.some((label) => Number(/, (\d+) lines?\./.exec(label ?? "")?.[1] ?? 0) >= count);
}

/** A chart shows a part of what there is. */
export function zoomSeen() {
  return document.querySelector('[data-chart] [aria-label="Reset zoom (0)"]') !== null;
}
