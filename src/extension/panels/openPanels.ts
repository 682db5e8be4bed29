import { Disposable } from "../platform/disposable.ts";
import type { Panel } from "./panel.ts";

/** The open panels of one kind, in the order in which they were opened: each is owned until its tab is closed. */
export class OpenPanels<P extends Panel<object>> extends Disposable {
  readonly #open = new Set<P>();

  add(panel: P): P {
    this.own(panel);
    this.#open.add(panel);
    panel.onClose(() => {
      this.#open.delete(panel);
      this.disown(panel);
    });
    return panel;
  }

  [Symbol.iterator](): Iterator<P> {
    return this.#open.values();
  }

  /** The first that `fits`. */
  find(fits: (panel: P) => boolean): P | undefined {
    return [...this.#open].find(fits);
  }

  /** The panel in front. */
  get active(): P | undefined {
    return this.find((panel) => panel.active);
  }
}
