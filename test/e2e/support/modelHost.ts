import { KeptFiles } from "../../../src/extension/models/keptFiles.ts";
import {
  readModelHistory,
  readModelOverview,
  readVersionDetails,
  readVersionsBeside,
  readVersionsThere,
} from "../../../src/extension/models/readPanel.ts";
import { directionByName } from "../../../src/protocol/metricDirection.ts";
import type { ModelAbility, ModelHost } from "../../../src/protocol/panels/model.ts";
import type { Store } from "../../../src/store/store.ts";

/** The host of a Model panel without an editor: it reads a real store, and notes what would happen in the editor. */
export function modelHost(
  store: Store,
  name: string,
  can: ModelAbility[] = ["write", "serve"],
): { host: ModelHost; asked: unknown[][]; wanted: { version?: string } } {
  const asked: unknown[][] = [];
  const note = (what: string) => async (query: unknown) => void asked.push([what, query]);
  const place = { name: "mlflow.db", remote: store, files: new KeptFiles() };
  const wanted: { version?: string } = {};
  const host: ModelHost = {
    overview: () => readModelOverview(place, name, can),
    async wanted() {
      const told = { ...wanted };
      delete wanted.version;
      return told;
    },
    rows: (query) => store.versionRows({ ...query, name }),
    there: ({ versions }) => readVersionsThere(place, { name, versions }),
    metrics: () => store.versionMetrics({ name }),
    version: ({ version }) => readVersionDetails(place, { name, version }),
    environment: async ({ version }) => ({
      files: ["requirements.txt"],
      mismatches:
        version === "1"
          ? [
              {
                ...{ name: "xgboost", logged: "2.0.0", here: "3.1.0" },
                text: "xgboost 2.0 logged, 3.1 in the selected interpreter",
              },
            ]
          : [],
    }),
    compare: (query) => readVersionsBeside(place, { ...query, name }, directionByName),
    history: ({ limit }) => readModelHistory(place, { name, limit }),
    ...{ act: note("act"), actOnVersion: note("actOnVersion"), promote: note("promote") },
    ...{ diffFiles: note("diffFiles"), openRun: note("openRun"), openLink: note("openLink") },
    ...{ copy: note("copy"), showLog: note("showLog") },
  };
  return { host, asked, wanted };
}
