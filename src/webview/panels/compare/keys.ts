import { onPageKeys } from "../../ui/focus.ts";
import type { CompareModel } from "./model.ts";

/** The keys of the Compare panel: D differences only, O open as diff, Escape closes. Returns a function that stops listening. */
export function onCompareKeys(model: CompareModel): () => void {
  return onPageKeys((event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || isTyping(event)) return;
    if (event.key === "d") model.toggleDifferences();
    else if (event.key === "o") model.openAsDiff();
    else if (event.key === "Escape" && model.full.peek() !== undefined) model.full.value = undefined;
    else if (event.key === "Escape" && Object.keys(model.brush.peek()).length > 0) model.brush.value = {};
    else return;
    event.preventDefault();
  });
}

/** Letters that are typed into a field, or choose in a list, are no commands. */
function isTyping({ target }: Event): boolean {
  return (
    target instanceof Element && target.closest("input:not([type='range']), textarea, select, [role='menu']") !== null
  );
}
