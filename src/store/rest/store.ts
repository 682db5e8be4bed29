import type { StoreMethods } from "../store.ts";
import { runsOfLoggedModelBySearch } from "../runsOfLoggedModel.ts";
import { versionRowMethods } from "../versionRows.ts";
import { artifactMethods } from "./artifacts.ts";
import { restClient, type RestServer } from "./client.ts";
import { columnMethods } from "./columns.ts";
import { experimentMethods } from "./experiments.ts";
import { loggedModelMethods } from "./loggedModels.ts";
import { registryMethods } from "./registry.ts";
import { runMethods } from "./runs.ts";
import { trashMethods } from "./trash.ts";
import { tagMethods } from "./tags.ts";

/** The store behind a tracking server's REST API: ours, MLflow's, or Databricks'. Nothing is asked until a method is called. */
export function restStore(server: RestServer): StoreMethods {
  const client = restClient(server);
  const experiments = experimentMethods(client);
  const runs = runMethods(client);
  const loggedModels = loggedModelMethods(client);
  const registry = registryMethods(client);
  const columns = columnMethods({ ...experiments, ...runs });
  return {
    ...experiments,
    ...runs,
    ...tagMethods(client),
    ...loggedModels,
    // A server is asked for its latest thousand runs, no more: its API tells no runs of a model.
    ...runsOfLoggedModelBySearch({ ...runs, ...loggedModels }, 1),
    ...registry,
    ...versionRowMethods({ ...runs, ...loggedModels, ...registry, ...columns }),
    ...artifactMethods(client, { ...runs, ...loggedModels }),
    ...columns,
    ...trashMethods({ ...experiments, ...runs }),
  };
}
