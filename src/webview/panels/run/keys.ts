import { onPageKeys } from "../../ui/focus.ts";
import type { Props } from "./props.ts";
import { SECTIONS } from "./savedView.ts";

/** The keys of the Run panel: Alt 1…6 sections, R again, E note, F2 name, [ ] neighbours. Returns a function that stops listening. */
export function onRunKeys({ model, host }: Props): () => void {
  return onPageKeys((event) => {
    const { key } = event;
    if (event.altKey && !event.ctrlKey && /^[1-6]$/.test(key)) {
      const section = SECTIONS[Number(key) - 1];
      if (section === undefined) return;
      event.preventDefault();
      model.section.value = section;
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey || isTyping(event)) return;
    const overview = model.overview.peek();
    const writable = model.can("write") && overview?.run.info.lifecycle_stage === "active";
    if (key === "F2" && writable) model.naming.value = true;
    else if (key === "r" && model.can("repeat")) model.attempt(host.repeat({}));
    else if (key === "e" && writable) model.attempt(host.editNote({}));
    else if (key === "]") model.attempt(host.go({ by: 1 }));
    else if (key === "[") model.attempt(host.go({ by: -1 }));
    else return;
    event.preventDefault();
  });
}

/** Letters that are typed into a field are no commands. */
function isTyping({ target }: Event): boolean {
  return target instanceof Element && target.closest("input:not([type='range']), textarea, vscode-text-field") !== null;
}
