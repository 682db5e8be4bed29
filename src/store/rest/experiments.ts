import type { TrackingStore } from "../trackingStore.ts";
import type { RestClient } from "./client.ts";
import { object, readExperiment, readPage, text } from "./read.ts";

export type ExperimentMethods = Pick<
  TrackingStore,
  | "createExperiment"
  | "getExperiment"
  | "getExperimentByName"
  | "searchExperiments"
  | "updateExperiment"
  | "deleteExperiment"
  | "restoreExperiment"
  | "setExperimentTag"
  | "deleteExperimentTag"
>;

export function experimentMethods({ call }: RestClient): ExperimentMethods {
  const post = async (path: string, argument: object) => void (await call({ method: "POST", path, argument }));
  return {
    async createExperiment(argument) {
      const json = await call({ method: "POST", path: "experiments/create", argument, once: true });
      return { experiment_id: text(json["experiment_id"]) };
    },
    async getExperiment(argument) {
      const json = await call({ method: "GET", path: "experiments/get", argument });
      return readExperiment(object(json["experiment"]));
    },
    async getExperimentByName(argument) {
      const json = await call({ method: "GET", path: "experiments/get-by-name", argument });
      return readExperiment(object(json["experiment"]));
    },
    async searchExperiments(query) {
      const argument = { max_results: 1000, ...query };
      return readPage(
        await call({ method: "POST", path: "experiments/search", argument }),
        "experiments",
        readExperiment,
      );
    },
    updateExperiment: (argument) => post("experiments/update", argument),
    deleteExperiment: (argument) => post("experiments/delete", argument),
    restoreExperiment: (argument) => post("experiments/restore", argument),
    setExperimentTag: (argument) => post("experiments/set-experiment-tag", argument),
    deleteExperimentTag: (argument) => post("experiments/delete-experiment-tag", argument),
  };
}
