import type { VersionRow } from "../../../protocol/versions.ts";
import { onPageKeys } from "../../ui/focus.ts";
import { KEYS, VERSION_KEYS } from "./menus.ts";
import type { Props } from "./props.ts";

/** What a key does in a row of the table; false when it means nothing. */
export function tableKey({ model, host }: Props, event: KeyboardEvent, row: VersionRow | undefined): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const action = VERSION_KEYS[event.key.toLowerCase()];
  if (action === undefined || row === undefined || !model.can("write")) return false;
  model.attempt(host.actOnVersion({ action, version: row.version }));
  return true;
}

/** The keys of the whole panel. Returns a function that stops listening. */
export function onModelKeys({ model, host }: Props): () => void {
  return onPageKeys((event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || isTyping(event) || model.menu.peek() !== undefined) return;
    const pair = model.checkedPair.peek();
    const { key } = event;
    if (key === "c" && pair !== undefined) model.compare(pair);
    else if (key === "d" && isComparing(model)) model.differencesOnly.value = !model.differencesOnly.peek();
    else if (key === "o") openDiff({ model, host });
    else if (key === "Escape" && isComparing(model)) closeComparison(model);
    else if (key === "?") showKeys(model);
    else return;
    event.preventDefault();
  });
}

export function isComparing(model: Props["model"]): boolean {
  return model.compared.peek().length === 2;
}

/** The MLmodel files of what stands beside each other. */
export function openDiff({ model, host }: Props): void {
  const [newer, older] = isComparing(model) ? model.compared.peek() : [model.selected.peek(), model.champion.peek()];
  if (newer === undefined || older === undefined || newer === older) return;
  model.attempt(host.diffFiles({ left: older, right: newer }));
}

export function closeComparison(model: Props["model"]): void {
  model.compare([]);
  document.querySelector<HTMLElement>(".grid")?.focus({ preventScroll: true });
}

function showKeys(model: Props["model"]): void {
  const back = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const entries = KEYS.map(([keys, words]) => ({ label: words, keys, onClick: () => undefined }));
  model.menu.value = { label: "Keys", entries, x: Math.max(8, (globalThis.innerWidth - 420) / 2), y: 64, back };
}

function isTyping({ target }: Event): boolean {
  return target instanceof Element && target.closest("input, textarea, select, vscode-text-field") !== null;
}
