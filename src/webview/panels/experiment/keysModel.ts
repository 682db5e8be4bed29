import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { ExperimentHost, ExperimentOverview } from "../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { RunKeys } from "../../../protocol/runs.ts";
import { type KeyNames, keyNames } from "./page.ts";

/** Keys are read again at most this often, in ms, while a store keeps changing. */
const KEYS_EVERY = 500;
/** ms for which what some of the runs have logged will do: rows and charts come first. */
const ROUGH_FOR = 2_000;

interface Parts {
  host: Pick<Remote<ExperimentHost>, "overview" | "runKeys">;
  filter: ReadonlySignal<string>;
  failed(error: unknown): void;
  /** They were read again. */
  recovered(): void;
}

/** What the experiment is, and what its runs have logged. */
export function keysModel({ host, filter, failed, recovered }: Parts) {
  const overview = signal<ExperimentOverview | undefined>(undefined);
  const all = signal<RunKeys | undefined>(undefined);
  const matching = signal<{ filter: string; keys: RunKeys } | undefined>(undefined);
  let names: KeyNames | undefined;
  /** The same object while no key was added. */
  const keys = computed(() => {
    if (all.value === undefined) return undefined;
    const found = keyNames(all.value);
    if (names === undefined || JSON.stringify(found) !== JSON.stringify(names)) names = found;
    return names;
  });
  const keep = (next: RunKeys) => {
    if (JSON.stringify(next) !== JSON.stringify(all.peek())) all.value = next;
  };
  const read = async () => {
    // The table waits for its columns: what some of very many runs have logged will do for the first.
    const rough = all.peek() === undefined;
    const [info, logged] = await Promise.all([host.overview({}), host.runKeys(rough ? { rough } : {})]);
    batch(() => {
      overview.value = info;
      keep(logged);
    });
    if (logged.rough === true) changed(ROUGH_FOR);
  };
  /** Something was logged, or not every run has been looked at. */
  const changed = (after = KEYS_EVERY) => {
    timer ??= setTimeout(() => {
      timer = undefined;
      read().then(recovered, failed);
      // A filter that is wrong is told by the rows.
      readMatching().catch(() => undefined);
    }, after);
  };
  const readMatching = async () => {
    const text = filter.peek();
    if (text === "") return;
    const found = await host.runKeys({ filter: text });
    if (filter.peek() === text) matching.value = { filter: text, keys: found };
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    overview,
    all,
    keys,
    /** Of the runs that match; undefined while it is not known. */
    here: computed(() => (filter.value === "" ? all.value : matching.value?.keys)),
    read: () => read().then(recovered, failed),
    changed: () => changed(),
    start: () =>
      effect(() => {
        if (filter.value !== "") readMatching().catch(() => undefined);
      }),
    dispose: () => clearTimeout(timer),
  };
}
