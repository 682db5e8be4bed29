/** F6 leads to the next region, Ctrl/⌘ F to the filter. Returns a function that stops listening. */
export function onPanelKeys(): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "F6") {
      event.preventDefault();
      nextRegion(event.shiftKey ? -1 : 1);
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") {
      event.preventDefault();
      document.querySelector<HTMLElement>("[data-filter]")?.focus();
    }
  };
  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}

const FOCUSABLE = "[tabindex='0'], button, input, vscode-text-field, vscode-button";

function nextRegion(by: number): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")];
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + by + regions.length) % regions.length];
  next?.querySelector<HTMLElement>(FOCUSABLE)?.focus();
}
