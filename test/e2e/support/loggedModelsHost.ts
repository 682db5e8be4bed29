import { readModelEnvironment } from "../../../src/extension/models/modelEnvironment.ts";
import { readText } from "../../../src/extension/stores/readText.ts";
import { readLoggedModel, readLoggedModels } from "../../../src/extension/models/readLoggedModels.ts";
import type { LoggedModelsHost } from "../../../src/protocol/panels/loggedModels.ts";
import type { Store } from "../../../src/store/store.ts";

/** The host of a Logged Models panel without an editor: it reads a real store, and notes what would happen in the editor. */
export function loggedModelsHost(
  store: Store,
  experiment_id: string,
  python: string | undefined,
): { host: LoggedModelsHost; asked: unknown[][] } {
  const asked: unknown[][] = [];
  const note = (name: string) => async (query: unknown) => void asked.push([name, query]);
  const host: LoggedModelsHost = {
    overview: async () => ({
      experiment_name: (await store.getExperiment({ experiment_id })).name,
      store_name: "mlflow.db",
      writable: true,
      servable: true,
    }),
    models: (query) => readLoggedModels(store, experiment_id, query),
    details: ({ model_id }) => readLoggedModel(store, model_id),
    environment: ({ model_id }) =>
      readModelEnvironment(
        (path) => readText(store, { model_id }, path),
        async () => python,
      ),
    setTag: ({ model_id, ...tag }) => store.setLoggedModelTags({ model_id, tags: [tag] }),
    deleteTag: ({ model_id, key }) => store.deleteLoggedModelTag({ model_id, tag_key: key }),
    ...{ register: note("register"), serve: note("serve"), delete: note("delete"), openFile: note("openFile") },
    ...{ openRun: note("openRun"), openVersion: note("openVersion"), openExperiment: note("openExperiment") },
    ...{ copy: note("copy"), showLog: note("showLog") },
  };
  return { host, asked };
}
