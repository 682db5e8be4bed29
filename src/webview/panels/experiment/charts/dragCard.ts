import type { ChartsModel } from "./model.ts";

/** Px before a press on a title is a drag. */
const STARTS = 5;

/** Moves a chart by its title: it takes the place of the chart it is dropped on. */
export function dragCard(event: PointerEvent & { currentTarget: HTMLElement }, id: string, charts: ChartsModel): void {
  if (event.button !== 0 || (event.target instanceof Element && event.target.closest("button") !== null)) return;
  const title = event.currentTarget;
  const [fromX, fromY] = [event.clientX, event.clientY];
  let over: HTMLElement | undefined;
  let dragging = false;
  const mark = (next: HTMLElement | undefined) => {
    over?.classList.remove("dropHere");
    over = next;
    over?.classList.add("dropHere");
  };
  const onMove = (move: PointerEvent) => {
    if (!dragging && Math.hypot(move.clientX - fromX, move.clientY - fromY) < STARTS) return;
    if (!dragging) {
      dragging = true;
      title.setPointerCapture(event.pointerId);
      title.closest(".chart")?.classList.add("dragged");
    }
    const below = document.elementFromPoint(move.clientX, move.clientY)?.closest<HTMLElement>("[data-chart]");
    mark(below === null || below?.dataset["chart"] === id ? undefined : (below ?? undefined));
  };
  const onEnd = (end: PointerEvent) => {
    title.removeEventListener("pointermove", onMove);
    title.removeEventListener("pointerup", onEnd);
    title.removeEventListener("pointercancel", onEnd);
    title.closest(".chart")?.classList.remove("dragged");
    const target = over?.dataset["chart"];
    mark(undefined);
    if (!dragging || end.type === "pointercancel" || target === undefined) return;
    charts.move(
      id,
      charts.inOrder.peek().findIndex((spec) => spec.id === target),
    );
  };
  title.addEventListener("pointermove", onMove);
  title.addEventListener("pointerup", onEnd);
  title.addEventListener("pointercancel", onEnd);
}
