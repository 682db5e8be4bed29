import type { Rpcs } from "../mlflow/api.generated.ts";
import type { KeyValue } from "../mlflow/entities.ts";

/** Answers one remote call: a read message in, a message out. Throws MlflowError. */
export type Handler<K extends keyof Rpcs> = (request: Rpcs[K]["request"]) => Promise<Rpcs[K]["response"]>;

/** Handlers by call; a call without one answers ENDPOINT_NOT_FOUND. */
export type Handlers = { [K in keyof Rpcs]?: Handler<K> };

/** Keys whose value is undefined left out, so that "not sent" stays "not sent" in the store's optional fields. */
export function sent<T extends object>(fields: T): Sent<T> {
  const kept: Record<string, unknown> = {};
  for (const key in fields) if (fields[key] !== undefined) kept[key] = fields[key];
  // The type says what the loop does; it cannot be derived from it.
  return kept as Sent<T>;
}

type Sent<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** A field that the request check has found, or the empty text that protobuf reads when it was not sent. */
export function text(value: string | undefined): string {
  return value ?? "";
}

/** Undefined for what protobuf cannot tell from "not sent". */
export function nonEmpty(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

export function keyValues(list: { key?: string; value?: string }[] | undefined): KeyValue[] {
  return (list ?? []).map(({ key, value }) => ({ key: text(key), value: text(value) }));
}
