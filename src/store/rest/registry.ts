import type { ModelVersion, RegisteredModel } from "../../mlflow/entities.ts";
import type { ModelRegistryStore } from "../registryStore.ts";
import type { HttpMethod, RestClient } from "./client.ts";
import { object, readModelVersion, readPage, readRegisteredModel, text } from "./read.ts";

/** MLflow's default of model searches (3.17) differs between them; one page is as large everywhere here. */
const PAGE_SIZE = 100;

export function registryMethods({ call }: RestClient): Omit<ModelRegistryStore, "versionRows" | "versionMetrics"> {
  const model = async (method: HttpMethod, path: string, argument: object, once = false): Promise<RegisteredModel> =>
    readRegisteredModel(object((await call({ method, path, argument, once }))["registered_model"]));
  const version = async (method: HttpMethod, path: string, argument: object, once = false): Promise<ModelVersion> =>
    readModelVersion(object((await call({ method, path, argument, once }))["model_version"]));
  const tell = async (method: HttpMethod, path: string, argument: object) =>
    void (await call({ method, path, argument, once: method === "DELETE" }));
  return {
    createRegisteredModel: (argument) => model("POST", "registered-models/create", argument, true),
    getRegisteredModel: (argument) => model("GET", "registered-models/get", argument),
    updateRegisteredModel: (argument) => model("PATCH", "registered-models/update", argument),
    renameRegisteredModel: (argument) => model("POST", "registered-models/rename", argument, true),
    deleteRegisteredModel: (argument) => tell("DELETE", "registered-models/delete", argument),
    async searchRegisteredModels(query) {
      const argument = { max_results: PAGE_SIZE, ...query };
      const json = await call({ method: "GET", path: "registered-models/search", argument });
      return readPage(json, "registered_models", readRegisteredModel);
    },
    async getLatestVersions(argument) {
      const json = await call({ method: "POST", path: "registered-models/get-latest-versions", argument });
      return readPage(json, "model_versions", readModelVersion).items;
    },
    setRegisteredModelTag: (argument) => tell("POST", "registered-models/set-tag", argument),
    deleteRegisteredModelTag: (argument) => tell("DELETE", "registered-models/delete-tag", argument),
    setRegisteredModelAlias: (argument) => tell("POST", "registered-models/alias", argument),
    deleteRegisteredModelAlias: (argument) => tell("DELETE", "registered-models/alias", argument),
    getModelVersionByAlias: (argument) => version("GET", "registered-models/alias", argument),

    createModelVersion: (argument) => version("POST", "model-versions/create", argument, true),
    getModelVersion: (argument) => version("GET", "model-versions/get", argument),
    async getModelVersionDownloadUri(argument) {
      const json = await call({ method: "GET", path: "model-versions/get-download-uri", argument });
      return { artifact_uri: text(json["artifact_uri"]) };
    },
    updateModelVersion: (argument) => version("PATCH", "model-versions/update", argument),
    transitionModelVersionStage: (argument) => version("POST", "model-versions/transition-stage", argument),
    deleteModelVersion: (argument) => tell("DELETE", "model-versions/delete", argument),
    async searchModelVersions(query) {
      const argument = { max_results: PAGE_SIZE, ...query };
      const json = await call({ method: "GET", path: "model-versions/search", argument });
      return readPage(json, "model_versions", readModelVersion);
    },
    setModelVersionTag: (argument) => tell("POST", "model-versions/set-tag", argument),
    deleteModelVersionTag: (argument) => tell("DELETE", "model-versions/delete-tag", argument),
  };
}
