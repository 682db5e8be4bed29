import { computed, effect, type ReadonlySignal } from "@preact/signals";
import type { ExperimentHost } from "../../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../../protocol/rpc.ts";
import type { RunOrder } from "../../../../protocol/runs.ts";
import type { RunFacts } from "../drawn.ts";
import { PAGE } from "../../../ui/table/pages.ts";
import { ValuesCache } from "../../../ui/chart/valuesCache.ts";

interface Parts {
  host: Pick<Remote<ExperimentHost>, "runValues">;
  filter: ReadonlySignal<string>;
  order: ReadonlySignal<RunOrder[]>;
  /** How many runs are drawn without being asked for. */
  first: () => number;
  failed(error: unknown): void;
}

/** The first runs of the table beyond its first page, when so many are drawn; undefined while that page is enough. */
export function firstRuns({ host, filter, order, first, failed }: Parts) {
  const read = async (text: string, signal: AbortSignal): Promise<RunFacts[]> => {
    const [limit, rows] = keyOf(text);
    const found = await host.runValues({ ...rows, limit, fields: [] }, signal);
    return found.run_ids.map((run_id, i) => ({
      run_id,
      name: found.run_names[i] ?? run_id,
      ordinal: found.ordinals[i] ?? 0,
      status: found.statuses[i] ?? "FINISHED",
    }));
  };
  const cache = new ValuesCache(read, failed);
  const key = computed(() =>
    first() > PAGE ? JSON.stringify([first(), { filter: filter.value, order: order.value }]) : undefined,
  );
  let before: RunFacts[] | undefined;
  return {
    /** What was known stays while other rows are asked for. */
    facts: computed(() => {
      if (key.value === undefined) return undefined;
      before = cache.of(key.value).value ?? before;
      return before;
    }),
    start: () =>
      effect(() => {
        const wanted = key.value;
        if (wanted === undefined) return undefined;
        cache.want(wanted, true);
        return () => cache.want(wanted, false);
      }),
    changed: () => cache.changed(),
    /** Other rows are shown from here on. */
    forget: () => {
      before = undefined;
      if (key.peek() !== undefined) cache.of(key.peek() ?? "").value = undefined;
    },
    dispose: () => cache.dispose(),
  };
}

/** The border: texts of `key` alone come here. */
function keyOf(text: string): [number, { filter: string; order: RunOrder[] }] {
  return JSON.parse(text) as [number, { filter: string; order: RunOrder[] }];
}
