import type { ComparedKey, CompareHost } from "../../../src/protocol/panels/compare.ts";
import { compareFiles } from "../../../src/extension/tracking/compare/compareFiles.ts";
import { readValues } from "../../../src/extension/tracking/compare/compareValues.ts";
import { readEnvironments } from "../../../src/extension/tracking/compare/environments.ts";
import { readComparison, type StoreSource } from "../../../src/extension/tracking/compare/readComparison.ts";
import { MlflowError } from "../../../src/mlflow/errors.ts";
import type { Store } from "../../../src/store/store.ts";

/** Stores by their URI, as a window has them; the name is the last part of the URI. */
export function storeSource(stores: ReadonlyMap<string, Store>): StoreSource {
  return {
    async get(uri) {
      const store = stores.get(uri);
      if (store === undefined) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `${uri} is gone.`);
      // The border: the same methods, but for those that only a port adds.
      return {
        uri,
        name: uri.split("/").at(-1) ?? uri,
        remote: store as unknown as Awaited<ReturnType<StoreSource["get"]>>["remote"],
      };
    },
  };
}

/** The host of a Compare panel without an editor: it reads real stores, and notes what would happen in the editor. */
export function compareHost(
  stores: ReadonlyMap<string, Store>,
  runs: ComparedKey[],
): { host: CompareHost; asked: unknown[][] } {
  const asked: unknown[][] = [];
  const note = (name: string) => async (query: unknown) => void asked.push([name, query]);
  const source = storeSource(stores);
  const known = new Map<string, string>();
  const remote = async (uri: string) => (await source.get(uri)).remote;
  const host: CompareHost = {
    comparison: () => readComparison(source, runs, known),
    environments: () => readEnvironments(source, runs),
    values: (query) => readValues(source, runs, known, query),
    metricSeries: async ({ uri, ...query }) => (await remote(uri)).metricSeries(query),
    files: async ({ left, right }) => {
      const list = (run: ComparedKey) => async (query: { path?: string }) =>
        (await remote(run.uri)).listArtifacts({ ...query, run_id: run.run_id });
      return compareFiles(list(left), list(right));
    },
    readArtifact: async ({ uri, ...query }) => (await remote(uri)).readArtifact(query),
    saveFile: async (query) => {
      asked.push(["saveFile", query]);
      return { saved: true };
    },
    ...{ diffFile: note("diffFile"), openAsDiff: note("openAsDiff"), addRuns: note("addRuns") },
    ...{ removeRuns: note("removeRuns"), filterTable: note("filterTable"), openRun: note("openRun") },
    ...{ copy: note("copy"), showLog: note("showLog") },
  };
  return { host, asked };
}
