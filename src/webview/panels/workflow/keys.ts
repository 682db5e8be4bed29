import { onPageKeys } from "../../ui/focus.ts";
import type { Props } from "./props.ts";
import type { Direction } from "./walk.ts";

const ARROWS: Partial<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/**
 * The keys of the Workflow panel: arrows from step to step, Enter opens the run, L its log, R resumes from here, + − 0 zoom,
 * Escape closes. Returns a function that stops listening.
 */
export function onWorkflowKeys({ model, host }: Props): () => void {
  return onPageKeys((event) => {
    const { key, target } = event;
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || isTyping(event)) return;
    const onStep = target instanceof Element && target.closest(".step") !== null;
    const arrow = ARROWS[key];
    const id = onStep || model.selected.peek() === "" ? model.entrance.peek() : model.selected.peek();
    const step = id === undefined ? undefined : model.steps.peek().get(id);
    const run_id = step?.run?.run_id;
    if (arrow !== undefined && onStep) focusStep(model.walk(arrow));
    else if (key === "Enter" && onStep && run_id !== undefined) model.attempt(host.openRun({ run_id }));
    else if (key === "Enter" && onStep && step !== undefined) model.select(step.id);
    else if (key === "l" && run_id !== undefined) model.attempt(host.openLog({ run_id }));
    else if (key === "r" && step !== undefined && model.can("resume")) model.attempt(host.resume({ from: step.id }));
    else if (key === "+" || key === "=") model.zoom(1.25);
    else if (key === "-") model.zoom(0.8);
    else if (key === "0") model.fit();
    else if (key === "Escape" && model.told.peek() !== undefined) model.told.value = undefined;
    else if (key === "Escape" && model.selected.peek() !== "") close(model);
    else return;
    event.preventDefault();
  });
}

/** Closes the details; the focus goes back to their step. */
export function close(model: Props["model"]): void {
  const id = model.selected.peek();
  model.select("");
  focusStep(id);
}

export function focusStep(id: string | undefined): void {
  if (id !== undefined) document.getElementById(`step ${id}`)?.focus({ preventScroll: true });
}

function isTyping({ target }: Event): boolean {
  return target instanceof Element && target.closest("input, textarea, select") !== null;
}
