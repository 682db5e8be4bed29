import type { PageAction } from "../../../protocol/panels/model.ts";
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

const PAGE_KEYS: Readonly<Record<string, PageAction>> = {
  c: "compare",
  d: "differences",
  o: "openAsDiff",
  Escape: "closeComparison",
  "?": "showKeys",
};

/** The keys of the whole panel. Returns a function that stops listening. */
export function onModelKeys(props: Props): () => void {
  return onPageKeys((event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || isTyping(event)) return;
    if (props.model.menu.peek() !== undefined) return;
    const action = PAGE_KEYS[event.key];
    // A key that cannot do anything now means nothing; a command says why.
    if (action === undefined || whyNot(props.model, action) !== undefined) return;
    act(props, action);
    event.preventDefault();
  });
}

/** Does what a key or a command asks for, or says why not. */
export function act(props: Props, action: PageAction): void {
  const { model } = props;
  const problem = whyNot(model, action);
  if (problem !== undefined) {
    model.problem.value = new Error(problem);
    return;
  }
  switch (action) {
    case "filter":
      return document.querySelector<HTMLElement>("[data-filter]")?.focus();
    case "compare":
      return model.compare(model.checkedPair.peek() ?? []);
    case "differences":
      model.differencesOnly.value = !model.differencesOnly.peek();
      return undefined;
    case "openAsDiff":
      return openDiff(props);
    case "closeComparison":
      return closeComparison(model);
    case "showKeys":
      return showKeys(model);
    default:
      return action satisfies never;
  }
}

/** Why an action cannot be done now, and what helps; undefined: it can. */
function whyNot(model: Props["model"], action: PageAction): string | undefined {
  if (action === "compare" && model.checkedPair.peek() === undefined)
    return "Two versions are compared; check two with Space, and no more.";
  if ((action === "differences" || action === "closeComparison") && !isComparing(model))
    return "Nothing is compared; check two versions with Space and press C.";
  if (action === "openAsDiff" && filesBeside(model) === undefined)
    return "A diff takes two versions; choose one that is not the champion, or compare two.";
  return undefined;
}

export function isComparing(model: Props["model"]): boolean {
  return model.compared.peek().length === 2;
}

/** What stands beside each other: the compared versions, else the chosen one and the champion. */
function filesBeside(model: Props["model"]): { left: string; right: string } | undefined {
  const [right, left] = isComparing(model) ? model.compared.peek() : [model.selected.peek(), model.champion.peek()];
  return right === undefined || right === "" || left === undefined || left === right ? undefined : { left, right };
}

/** The MLmodel files of what stands beside each other. */
function openDiff({ model, host }: Props): void {
  const beside = filesBeside(model);
  if (beside !== undefined) model.attempt(host.diffFiles(beside));
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
