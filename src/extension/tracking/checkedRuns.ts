import type { Platform } from "../platform/platform.ts";

const KEY = "flowdeck.tracking.checkedRuns";

/** A run by its store and id. */
export interface RunKey {
  uri: string;
  run_id: string;
}

/** The runs a person has chosen; they stay chosen over a reload. */
export class CheckedRuns {
  readonly #platform: Platform;
  readonly #keys: Map<string, RunKey>;

  constructor(platform: Platform) {
    this.#platform = platform;
    const memento = platform.context.workspaceState;
    this.#keys = new Map(memento.get<RunKey[]>(KEY, []).map((key) => [textOf(key), key]));
  }

  has(key: RunKey): boolean {
    return this.#keys.has(textOf(key));
  }

  set({ uri, run_id }: RunKey, checked: boolean): void {
    const key = { uri, run_id };
    if (checked) this.#keys.set(textOf(key), key);
    else this.#keys.delete(textOf(key));
    this.#keep();
  }

  clear(): void {
    this.#keys.clear();
    this.#keep();
  }

  #keep(): void {
    this.#platform.background("keeping the chosen runs", this.#platform.context.workspaceState.update(KEY, this.all()));
  }

  all(): RunKey[] {
    return [...this.#keys.values()];
  }
}

function textOf({ uri, run_id }: RunKey): string {
  return `${uri} ${run_id}`;
}
