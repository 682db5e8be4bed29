import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { ExperimentHost } from "../../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../../protocol/rpc.ts";
import type { RunFacts } from "../drawn.ts";
import { type LoggedImage, loggedImage } from "./imageNames.ts";

/** Runs whose pictures are looked for: a grid of more could not be seen. */
const MOST_RUNS = 60;

/** Which pictures the drawn runs logged; known once somebody looks, and looked for again when runs change. */
export function imageList(
  host: Pick<Remote<ExperimentHost>, "listArtifacts">,
  facts: ReadonlySignal<RunFacts[]>,
  failed: (error: unknown) => void,
) {
  const found = signal<ReadonlyMap<string, LoggedImage[]>>(new Map());
  const looking = signal(false);
  const asked = new Set<string>();
  let wanted = false;
  const read = async (run_id: string) => {
    const files = await host.listArtifacts({ run_id, path: "images" });
    const images = files.flatMap(({ path, is_dir }) => (is_dir ? [] : (loggedImage(run_id, path) ?? [])));
    found.value = new Map(found.peek()).set(run_id, images);
  };
  const look = () => {
    wanted = true;
    const missing = facts
      .peek()
      .slice(0, MOST_RUNS)
      .filter(({ run_id }) => !asked.has(run_id));
    if (missing.length === 0) return;
    for (const { run_id } of missing) asked.add(run_id);
    looking.value = true;
    Promise.all(missing.map(({ run_id }) => read(run_id)))
      .catch(failed)
      .finally(() => {
        looking.value = false;
      })
      .catch(failed);
  };
  const all = computed(() => facts.value.flatMap(({ run_id }) => found.value.get(run_id) ?? []));
  return {
    all,
    keys: computed(() => [...new Set(all.value.map(({ key }) => key))].sort()),
    looking,
    look,
    /** These runs may have logged more; undefined = any. */
    changed: (run_ids: string[] | undefined) => {
      for (const id of run_ids ?? [...asked]) asked.delete(id);
      if (wanted) look();
    },
    /** Other runs are drawn. */
    follow: () => {
      if (facts.value.length > 0 && wanted) look();
    },
  };
}
