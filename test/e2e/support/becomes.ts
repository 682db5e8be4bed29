import { deepEqual } from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { until } from "../../support/environment.ts";
import { succeeds } from "./acting.ts";

/** Waits until what is read of a page is `wanted`; tells the difference when it never is. */
export async function becomes(read: () => Promise<unknown>, wanted: unknown, what?: string): Promise<void> {
  const isWanted = async () => isDeepStrictEqual(await read(), wanted);
  if (!(await succeeds(until(what ?? "what is wanted", isWanted)))) deepEqual(await read(), wanted, what);
}
