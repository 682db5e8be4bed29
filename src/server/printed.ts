import type { Rpcs } from "../mlflow/api.generated.ts";
import type { PrintedPart, PrintedReads } from "../store/printedReads.ts";
import type { MoreMethods, StoreMethods } from "../store/store.ts";
import { sampledHistories } from "./metricHistory.ts";
import { isOlder } from "./olderStores.ts";
import { modelsQuery, versionsQuery } from "./registry.ts";
import { historyQuery, runsQuery } from "./tracking.ts";

/** Calls whose answer a store prints itself; undefined = this one goes the usual way, through `Handlers`. */
export type PrintedHandlers = {
  [K in keyof Rpcs]?: (request: Rpcs[K]["request"]) => Promise<PrintedPart | undefined>;
};

/** Large answers that go from the store to the wire as text. */
export interface Printed {
  handlers: PrintedHandlers;
  /** The parts of an answer, each asked for when the one before it was taken. */
  partsFrom(first: PrintedPart): AsyncIterable<Uint8Array>;
  /** Lets go of the parts that were not taken, once nobody takes any more. */
  dropRest(first: PrintedPart): Promise<void>;
}

/** What the store prints; nothing where it prints nothing. */
export function printedBy(store: StoreMethods & MoreMethods): Printed {
  if (!printsReads(store)) {
    return {
      handlers: {},
      partsFrom: (first) => partsFrom(async () => undefined, first),
      dropRest: async () => undefined,
    };
  }
  return {
    handlers: {
      searchRuns: (request) => store.printedRuns(runsQuery(request)),
      searchRegisteredModels: (request) => store.printedRegisteredModels(modelsQuery(request)),
      searchModelVersions: (request) => store.printedModelVersions(versionsQuery(request)),
      // What older databases answer otherwise is not printed.
      getMetricHistory: async (request) =>
        request.max_results === 0 ? undefined : store.printedHistory(historyQuery(request)),
      getMetricHistoryBulkInterval: async (request) =>
        (await isOlder(store)) ? undefined : store.printedSamples(sampledHistories(request)),
    },
    partsFrom: (first) => partsFrom(store.printedRest, first),
    dropRest: async ({ more }) => {
      if (more !== undefined) await store.printedRest({ more, drop: true });
    },
  };
}

async function* partsFrom(rest: PrintedReads["printedRest"], first: PrintedPart): AsyncGenerator<Uint8Array> {
  let part: PrintedPart | undefined = first;
  while (part !== undefined) {
    yield part.bytes;
    part = part.more === undefined ? undefined : await rest({ more: part.more });
  }
}

function printsReads<S extends StoreMethods & MoreMethods>(store: S): store is S & PrintedReads {
  return store.printedRuns !== undefined;
}
