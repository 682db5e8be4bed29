import type { RunHost } from "../../../src/protocol/panels/run.ts";
import type { Store } from "../../../src/store/store.ts";
import { readMlmodel } from "../../../src/models/mlmodel.ts";

/** The host of a Run panel without an editor: it reads a real store, and notes what would happen in the editor. */
export function runHost(store: Store, run_id: string, baseline?: string): { host: RunHost; asked: unknown[][] } {
  const asked: unknown[][] = [];
  const note = (name: string) => async (query: unknown) => void asked.push([name, query]);
  const host: RunHost = {
    async overview() {
      const run = await store.getRun({ run_id });
      const { experiment_id } = run.info;
      const children = await store.runNodes({ experiment_id, parent_run_id: run_id, max_results: 100 });
      const other = baseline === undefined ? undefined : await store.getRun({ run_id: baseline });
      const ids = run.outputs.model_outputs.map(({ model_id }) => model_id);
      const models = await Promise.all(ids.map((model_id) => store.getLoggedModel({ model_id })));
      return {
        run,
        experiment_name: (await store.getExperiment({ experiment_id })).name,
        store_name: "mlflow.db",
        ordinal: 6,
        children: children.items,
        models: models.map(({ info }) => ({ model_id: info.model_id, name: info.name })),
        can: ["write", "repeat", "openSource", "checkOut"],
        ...(other === undefined
          ? {}
          : { baseline: { run_id: other.info.run_id, run_name: other.info.run_name, ordinal: 0, ...other.data } }),
      };
    },
    metricSeries: (query) => store.metricSeries(query),
    listArtifacts: (query) => store.listArtifacts({ ...query, run_id }),
    readArtifact: (query) => store.readArtifact({ ...query, run_id }),
    indexArtifact: (query) => store.indexArtifact({ ...query, run_id }),
    async readModel({ path }) {
      const { bytes } = await store.readArtifact({ run_id, path, offset: 0, length: 1 << 20 });
      return readMlmodel(new TextDecoder().decode(bytes));
    },
    readEnvironment: async () => ({
      files: ["requirements.txt"],
      mismatches: [
        {
          ...{ name: "scikit-learn", logged: "1.5.0", here: "1.9.1" },
          text: "scikit-learn 1.5 logged, 1.9 in the selected interpreter",
        },
      ],
    }),
    async rename({ run_name }) {
      await store.updateRun({ run_id, run_name });
    },
    setTag: (tag) => store.setTag({ run_id, ...tag }),
    deleteTag: (tag) => store.deleteTag({ run_id, ...tag }),
    artifactUri: async ({ path }) => ({ uri: `mlflow-artifact:/${path}` }),
    ...{ openArtifact: note("openArtifact"), saveArtifact: note("saveArtifact"), editNote: note("editNote") },
    ...{ stop: note("stop"), repeat: note("repeat"), restore: note("restore"), openSource: note("openSource") },
    markFailed: note("markFailed"),
    ...{ checkOut: note("checkOut"), chooseBaseline: note("chooseBaseline"), clearBaseline: note("clearBaseline") },
    ...{
      openExperiment: note("openExperiment"),
      openRun: note("openRun"),
      openLoggedModel: note("openLoggedModel"),
      go: note("go"),
      openGraph: note("openGraph"),
      openLink: note("openLink"),
    },
    ...{ copy: note("copy"), showLog: note("showLog") },
  };
  return { host, asked };
}
