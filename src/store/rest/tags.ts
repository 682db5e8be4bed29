import type { TrackingStore } from "../trackingStore.ts";
import type { RestClient } from "./client.ts";

export type TagMethods = Pick<TrackingStore, "setTag" | "deleteTag">;

export function tagMethods({ call }: RestClient): TagMethods {
  return {
    async setTag(argument) {
      await call({ method: "POST", path: "runs/set-tag", argument });
    },
    async deleteTag(argument) {
      await call({ method: "POST", path: "runs/delete-tag", argument, once: true });
    },
  };
}
