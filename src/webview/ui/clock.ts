import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";

/** Ages and durations are told by the second. */
const SECOND = 1000;

/** What a panel's clock goes by. */
export interface ClockParts {
  /** Ms since the epoch. */
  now(): number;
  /** The panel is on screen. */
  visible: ReadonlySignal<boolean>;
}

/** The panel's one clock: everything that grows with time reads `now`. It stands while nobody sees it. */
export class Clock {
  /** Ms since the epoch, as of the last tick. */
  readonly now: Signal<number>;
  readonly #parts: ClockParts;

  constructor(parts: ClockParts) {
    this.#parts = parts;
    this.now = signal(parts.now());
  }

  /** Ticks until the function that is returned is called. */
  start(): () => void {
    return effect(() => {
      if (!this.#parts.visible.value) return undefined;
      const tick = () => {
        this.now.value = this.#parts.now();
      };
      tick();
      const timer = setInterval(tick, SECOND);
      return () => clearInterval(timer);
    });
  }
}
