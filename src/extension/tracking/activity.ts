import * as vscode from "vscode";
import type { LifecycleStage } from "../../mlflow/entities.ts";
import { coalesce } from "../platform/coalesce.ts";
import { setContextKey } from "../platform/contextKeys.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import { countRuns } from "./experiments.ts";
import type { TrashCounts } from "./rows.ts";
import { countTrash, isEmptyTrash, isSameTrash } from "./trashRows.ts";

/** How many runs are running in the stores of this window, and how much is in their trash. */
export class Activity extends Disposable {
  readonly #platform: Platform;
  readonly #stores: Stores;
  readonly #counts = new Map<string, Counted>();
  readonly #dirty = new Set<string>();
  readonly #changed = this.own(new vscode.EventEmitter<number>());
  readonly #trashed = this.own(new vscode.EventEmitter<string>());

  readonly onChange = this.#changed.event;
  /** Something went into the trash of the store with this URI, or left it. */
  readonly onTrash = this.#trashed.event;

  constructor(platform: Platform, stores: Stores) {
    super();
    this.#platform = platform;
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
    return this.#stores.known.reduce((sum, store) => sum + (this.#counts.get(store.uri)?.running ?? 0), 0);
  }

  trashOf(uri: string): TrashCounts {
    return this.#counts.get(uri)?.trash ?? NOTHING.trash;
  }

  async #countDirty(): Promise<void> {
    const before = this.running;
    for (const store of this.#stores.known) {
      if (!this.#dirty.delete(store.uri)) continue;
      const { trash } = this.#counts.get(store.uri) ?? NOTHING;
      const counted = store.status.state === "open" ? await countIn(store) : NOTHING;
      this.#counts.set(store.uri, counted);
      if (!isSameTrash(counted.trash, trash)) this.#trashed.fire(store.uri);
    }
    if (this.running !== before) this.#changed.fire(this.running);
    setContextKey(
      this.#platform,
      "flowdeck.hasRunning",
      this.#stores.known.some(({ uri, status }) => !status.read_only && (this.#counts.get(uri)?.running ?? 0) > 0),
    );
    setContextKey(
      this.#platform,
      "flowdeck.hasTrash",
      this.#stores.known.some((store) => this.#hasTrashIn(store)),
    );
  }

  #hasTrashIn({ uri, status }: StoreHandle): boolean {
    return !status.read_only && !isEmptyTrash(this.trashOf(uri));
  }
}

interface Counted {
  running: number;
  trash: TrashCounts;
}

const NOTHING: Counted = { running: 0, trash: { experiments: 0, runs: 0, models: 0 } };

async function countIn(store: StoreHandle): Promise<Counted> {
  const ids: Record<LifecycleStage, string[]> = { active: [], deleted: [] };
  let page_token: string | undefined;
  do {
    const more = page_token === undefined ? {} : { page_token };
    const page = await store.remote.searchExperiments({ max_results: 1000, view_type: "ALL", ...more });
    for (const { experiment_id, lifecycle_stage } of page.items) ids[lifecycle_stage].push(experiment_id);
    page_token = page.next_page_token;
  } while (page_token !== undefined);
  const { running } = await countRuns(store, ids.active);
  return { running, trash: await countTrash(store, ids.active, ids.deleted) };
}
