import { onPageKeys } from "../../ui/focus.ts";
import type { Props } from "./props.ts";

const IS_MAC = navigator.userAgent.includes("Mac OS");

export const SEND_KEYS = IS_MAC ? "⌘ Enter" : "Ctrl Enter";

/** Ctrl/⌘ Enter sends, Alt ← → go from row to row, Ctrl/⌘ Shift C copies as curl, Escape closes what is open. */
export function onPredictKeys({ model }: Pick<Props, "model">): () => void {
  return onPageKeys((event) => {
    if (event.defaultPrevented) return;
    const { key, altKey, shiftKey } = event;
    const control = event.ctrlKey || event.metaKey;
    if (control && key === "Enter") model.attempt(model.send());
    else if (control && shiftKey && key.toLowerCase() === "c") model.copyProgram("curl");
    else if (altKey && !control && key === "ArrowLeft") model.move(-1);
    else if (altKey && !control && key === "ArrowRight") model.move(1);
    else if (key === "Escape" && model.history.peek() !== undefined) model.closeHistory();
    else return;
    event.preventDefault();
  });
}
