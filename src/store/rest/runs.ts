import type { TrackingStore } from "../trackingStore.ts";
import type { RestClient } from "./client.ts";
import { object, readMetric, readPage, readRun, readRunInfo } from "./read.ts";

export type RunMethods = Pick<
  TrackingStore,
  | "createRun"
  | "getRun"
  | "updateRun"
  | "deleteRun"
  | "restoreRun"
  | "searchRuns"
  | "logBatch"
  | "logInputs"
  | "logOutputs"
  | "metricHistory"
>;

export function runMethods({ call }: RestClient): RunMethods {
  const post = async (path: string, argument: object) => void (await call({ method: "POST", path, argument }));
  return {
    async createRun(argument) {
      const json = await call({ method: "POST", path: "runs/create", argument, once: true });
      return readRun(object(json["run"]));
    },
    async getRun(argument) {
      return readRun(object((await call({ method: "GET", path: "runs/get", argument }))["run"]));
    },
    async updateRun(argument) {
      return readRunInfo(object((await call({ method: "POST", path: "runs/update", argument }))["run_info"]));
    },
    deleteRun: (argument) => post("runs/delete", argument),
    restoreRun: (argument) => post("runs/restore", argument),
    async searchRuns(argument) {
      return readPage(await call({ method: "POST", path: "runs/search", argument }), "runs", readRun);
    },
    logBatch: (argument) => post("runs/log-batch", argument),
    logInputs: (argument) => post("runs/log-inputs", argument),
    logOutputs: (argument) => post("runs/outputs", argument),
    async metricHistory(argument) {
      return readPage(await call({ method: "GET", path: "metrics/get-history", argument }), "metrics", readMetric);
    },
  };
}
