import type { ReadonlySignal } from "@preact/signals";
import { later } from "./later.ts";
import type { Page } from "./port.ts";

/** ms after the last move until it is saved. */
const MOVING = 150;

/**
 * Saves what the person arranged: at once, for what was chosen may be followed at once by another tab, which ends this page; what
 * `isMoving` tells of, a scroll or a zoom, when it rests.
 */
export function saveArrangement<Subject, View>(
  page: Page<Subject, View>,
  arrangement: ReadonlySignal<View>,
  isMoving: (next: View, before: View) => boolean,
): void {
  const save = () => page.save(arrangement.peek());
  const saveLater = later(MOVING, save);
  let before = arrangement.peek();
  arrangement.subscribe((next) => {
    const moved = isMoving(next, before);
    before = next;
    if (moved) saveLater();
    else save();
  });
}
