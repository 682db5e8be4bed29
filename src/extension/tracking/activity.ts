import * as vscode from "vscode";
import { coalesce } from "../platform/coalesce.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import { countRuns } from "./experiments.ts";

/** How many runs are running in the stores of this window. */
export class Activity extends Disposable {
  readonly #stores: Stores;
  readonly #counts = new Map<string, number>();
  readonly #dirty = new Set<string>();
  readonly #changed = this.own(new vscode.EventEmitter<number>());

  readonly onChange = this.#changed.event;

  constructor(platform: Platform, stores: Stores) {
    super();
    this.#stores = stores;
    const count = this.own(coalesce(platform, "counting running runs", 200, () => this.#countDirty()));
    const note = (store: StoreHandle): void => {
      this.#dirty.add(store.uri);
      count.request();
    };
    this.own(stores.onList(() => stores.known.forEach(note)));
    this.own(stores.onChange(({ store }) => note(store)));
  }

  get running(): number {
    return this.#stores.known.reduce((sum, store) => sum + (this.#counts.get(store.uri) ?? 0), 0);
  }

  async #countDirty(): Promise<void> {
    const before = this.running;
    for (const store of this.#stores.known) {
      if (!this.#dirty.delete(store.uri)) continue;
      this.#counts.set(store.uri, store.status.state === "open" ? await runningIn(store) : 0);
    }
    if (this.running !== before) this.#changed.fire(this.running);
  }
}

async function runningIn(store: StoreHandle): Promise<number> {
  const ids: string[] = [];
  let page_token: string | undefined;
  do {
    const more = page_token === undefined ? {} : { page_token };
    const page = await store.remote.searchExperiments({ max_results: 1000, ...more });
    ids.push(...page.items.map((experiment) => experiment.experiment_id));
    page_token = page.next_page_token;
  } while (page_token !== undefined);
  return (await countRuns(store, ids)).running;
}
