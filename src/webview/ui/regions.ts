import { keepFocus, onPageKeys } from "./focus.ts";

/**
 * F6 leads to the next region, Ctrl/⌘ F to the filter; what `first` selects has the focus at first. Returns a function that
 * stops listening.
 */
export function onPanelKeys(first: string): () => void {
  const letGo = keepFocus(first);
  const stop = onPageKeys((event) => {
    if (event.key === "F6") {
      event.preventDefault();
      nextRegion(event.shiftKey ? -1 : 1);
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") {
      event.preventDefault();
      document.querySelector<HTMLElement>("[data-filter]")?.focus();
    }
  });
  return () => {
    letGo();
    stop();
  };
}

const FOCUSABLE = "[tabindex='0'], button, input, vscode-text-field, vscode-button";

function nextRegion(by: number): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")];
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  // From outside of all of them, Shift F6 begins with the last.
  const start = at < 0 && by < 0 ? 0 : at;
  for (let i = 1; i <= regions.length; i += 1) {
    const region = regions[(start + by * i + regions.length * 2) % regions.length];
    const next = region?.querySelector<HTMLElement>(FOCUSABLE);
    // A region may have nothing to do in it, as the artifacts of a run without any.
    if (next !== null && next !== undefined) return next.focus();
  }
}
