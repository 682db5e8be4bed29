import { MlflowError } from "../mlflow/errors.ts";
import type { StoreStatus } from "../protocol/stores.ts";
import type { Store } from "./store.ts";

/** A store that is listed but cannot be read: `status()` says why, and so does every method. */
export function unreadableStore(status: StoreStatus & { problem: string }): Store {
  const lifetime: Partial<Store> = {
    status: () => status,
    onChange: () => () => undefined,
    onStatus: () => () => undefined,
    close: () => undefined,
  };
  const refuse = () => Promise.reject(new MlflowError("NOT_IMPLEMENTED", status.problem));
  return new Proxy(lifetime, {
    get: (target, name) => Reflect.get(target, name) ?? (name === "then" ? undefined : refuse),
  }) as Store;
}
