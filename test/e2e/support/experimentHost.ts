import { readImage } from "../../../src/extension/tracking/panels/readImage.ts";
import type { ExperimentHost, KeptTables } from "../../../src/protocol/panels/experiment.ts";
import type { Store } from "../../../src/store/store.ts";

/** What happened in the host that a test asks about. */
export interface HostState {
  asked: [name: string, query: unknown][];
  baseline: string | undefined;
  kept: KeptTables;
}

/** The host of an Experiment panel without an editor: it reads a real store, and notes what would happen in the editor. */
export function experimentHost(store: Store, experiment_id: string): { host: ExperimentHost; state: HostState } {
  const state: HostState = { asked: [], baseline: undefined, kept: { filters: [], tables: [] } };
  const note = (name: string) => async (query: unknown) => void state.asked.push([name, query]);
  const experiment_ids = [experiment_id];
  const host: ExperimentHost = {
    async overview() {
      const experiment = await store.getExperiment({ experiment_id });
      const told = { experiment, store_name: "mlflow.db", read_only: false };
      return state.baseline === undefined ? told : { ...told, baseline: state.baseline };
    },
    runKeys: (query) => store.runKeys({ ...query, experiment_ids }),
    runColumns: (query) => store.runColumns({ ...query, experiment_ids }),
    runIds: (query) => store.runIds({ ...query, experiment_ids }),
    runValues: (query) => store.runValues({ ...query, experiment_ids }),
    metricSeries: (query) => store.metricSeries(query),
    listArtifacts: (query) => store.listArtifacts(query),
    // Over a port a call has an AbortSignal as well, which is of no matter here.
    readImage: (query) => readImage({ readArtifact: (piece) => store.readArtifact(piece) }, query),
    saveFile: async () => ({ saved: false }),
    setDirection: note("setDirection"),
    setBaseline: async ({ run_id }) => {
      state.baseline = run_id;
    },
    async deleteRuns({ run_ids }) {
      for (const run_id of run_ids) await store.deleteRun({ run_id });
      return { run_ids };
    },
    async restoreRuns({ run_ids }) {
      for (const run_id of run_ids) await store.restoreRun({ run_id });
    },
    exportRuns: async (query) => {
      state.asked.push(["exportRuns", query]);
      return {};
    },
    keptTables: async () => state.kept,
    keepFilters: async ({ filters }) => {
      state.kept = { ...state.kept, filters };
    },
    saveTable: async ({ table, shared, name = "Tuning" }) => {
      state.kept = { ...state.kept, tables: [...state.kept.tables, { name, table, shared }] };
      return { name };
    },
    removeTable: async ({ name }) => {
      state.kept = { ...state.kept, tables: state.kept.tables.filter((one) => one.name !== name) };
    },
    ...{ showReplacement: note("showReplacement"), restoreExperiment: note("restoreExperiment") },
    ...{ openRun: note("openRun"), compareRuns: note("compareRuns"), renameRuns: note("renameRuns") },
    markFailed: note("markFailed"),
    markKilled: note("markKilled"),
    ...{ tagRuns: note("tagRuns"), copyCode: note("copyCode"), copy: note("copy"), showLog: note("showLog") },
  };
  return { host, state };
}
