import type { TrackingStore } from "../trackingStore.ts";
import type { RestClient } from "./client.ts";
import { object, readLoggedModel, readPage } from "./read.ts";

export type LoggedModelMethods = Pick<
  TrackingStore,
  | "createLoggedModel"
  | "getLoggedModel"
  | "finalizeLoggedModel"
  | "deleteLoggedModel"
  | "setLoggedModelTags"
  | "deleteLoggedModelTag"
  | "logLoggedModelParams"
  | "searchLoggedModels"
>;

export function loggedModelMethods({ call }: RestClient): LoggedModelMethods {
  const path = (model_id: string) => `logged-models/${encodeURIComponent(model_id)}`;
  return {
    async createLoggedModel(argument) {
      const json = await call({ method: "POST", path: "logged-models", argument, once: true });
      return readLoggedModel(object(json["model"]));
    },
    async getLoggedModel({ model_id }) {
      return readLoggedModel(object((await call({ method: "GET", path: path(model_id) }))["model"]));
    },
    async finalizeLoggedModel(argument) {
      const json = await call({ method: "PATCH", path: path(argument.model_id), argument });
      return readLoggedModel(object(json["model"]));
    },
    async deleteLoggedModel({ model_id }) {
      await call({ method: "DELETE", path: path(model_id), once: true });
    },
    async setLoggedModelTags(argument) {
      await call({ method: "PATCH", path: `${path(argument.model_id)}/tags`, argument });
    },
    async deleteLoggedModelTag({ model_id, tag_key }) {
      await call({ method: "DELETE", path: `${path(model_id)}/tags/${encodeURIComponent(tag_key)}`, once: true });
    },
    async logLoggedModelParams(argument) {
      await call({ method: "POST", path: `${path(argument.model_id)}/params`, argument });
    },
    async searchLoggedModels(argument) {
      const json = await call({ method: "POST", path: "logged-models/search", argument });
      return readPage(json, "models", readLoggedModel);
    },
  };
}
