// Reads of every store at once. No vscode: tested on real stores.
import { basename, dirname } from "node:path";
import { asMlflowError, MlflowError } from "../../mlflow/errors.ts";
import type { StoreHandle } from "./stores.ts";

/** Why a store could not be read. */
export interface Failed {
  store: StoreHandle;
  error: MlflowError;
}

/** What may help: to read it again, to choose another one for its folder, to show it no longer. */
export type StoreRemedy = "again" | "choose" | "remove";

/** What the stores have, in their order, and those that could not be read: they keep nobody from the others. */
export async function readAcross<T>(
  stores: readonly StoreHandle[],
  read: (store: StoreHandle) => Promise<readonly T[]>,
): Promise<{ found: T[]; failed: Failed[] }> {
  const ask = async (store: StoreHandle) => {
    checkReadable(store);
    return read(store);
  };
  const answers = await Promise.all(
    stores.map((store) =>
      ask(store).then(
        (items) => ({ items }),
        (error: unknown) => ({ items: [], failed: { store, error: asMlflowError(error) } }),
      ),
    ),
  );
  return {
    found: answers.flatMap(({ items }) => items),
    failed: answers.flatMap((answer) => ("failed" in answer ? answer.failed : [])),
  };
}

/** How a store is called among others: with the folder it lies in where another one has its name. */
export function placeText({ uri, name, status }: StoreHandle, among: readonly StoreHandle[]): string {
  const isAlone = among.every((other) => other.uri === uri || other.name !== name);
  return isAlone ? name : `${name} in ${basename(dirname(status.path))}`;
}

/** Those that have, or may have, something to choose from: a database that is not there yet has nothing. */
export function filledStores(stores: readonly StoreHandle[], { writable = false } = {}): StoreHandle[] {
  return stores.filter(({ status }) => status.state !== "absent" && !(writable && status.read_only));
}

/** Why nothing in a store can be read, in one sentence; undefined for one that can be read. */
export function unreadableText({ name, status }: Pick<StoreHandle, "name" | "status">): string | undefined {
  return status.state === "unreadable" ? (status.problem ?? `${name} cannot be read.`) : undefined;
}

/** Throws INVALID_STATE with why nothing in the store can be read. */
export function checkReadable(store: StoreHandle): void {
  const text = unreadableText(store);
  if (text !== undefined) throw new MlflowError("INVALID_STATE", text);
}

/** Whose runs, or what else is meant, a list lacks, in one sentence; undefined where it lacks none. */
export function unlistedText(
  failed: readonly Failed[],
  among: readonly StoreHandle[],
  things: string,
): string | undefined {
  if (failed.length === 0) return undefined;
  const names = failed.map(({ store }) => placeText(store, among)).join(" and ");
  return `${names} cannot be read, so none of ${failed.length === 1 ? "its" : "their"} ${things} is listed.`;
}

export function remedyOf({ store, error }: Failed): StoreRemedy {
  // The program that holds the lock will be done.
  if (store.status.locked === true) return "again";
  // What is no database, or a damaged one, is none the next time either.
  if (store.status.state !== "unreadable" && error.error_code !== "INVALID_STATE") return "again";
  return store.folders.length > 0 ? "choose" : "remove";
}
