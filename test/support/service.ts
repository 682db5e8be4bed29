import { requestListener } from "../../src/server/http.ts";
import { Lifetime } from "../../src/server/lifetime.ts";
import { listen } from "../../src/server/listener.ts";
import { readServerOptions } from "../../src/server/options.ts";
import { openServedStore } from "../../src/server/servedStore.ts";
import { createService } from "../../src/server/service.ts";
import type { Limits } from "../../src/server/slowClients.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, whenOver } from "./environment.ts";

/** A tracking server of ours in this process, over a database in a folder of its own. */
export interface TestService {
  folder: string;
  backendStoreUri: string;
  url: string;
  /** What the server writes to. */
  store: Store;
  /** Errors of the server itself, which no client is told. */
  errors: unknown[];
}

/** Serves the `mlflow.db` of a folder, with the arguments of `flowdeck server`; stopped when the file's tests are over. */
export async function startService(
  args: string[] = [],
  limits?: Limits,
  folder = temporaryFolder(),
): Promise<TestService> {
  const options = readServerOptions(args, {}, folder);
  const { backendStoreUri, access } = options;
  const { store, methods, close } = openServedStore(options);
  const errors: unknown[] = [];
  const lifetime = new Lifetime(Date.now());
  const service = createService(methods, options, access, lifetime, (error) => errors.push(error));
  const listener = await listen({ host: "127.0.0.1", port: 0, shared: false }, requestListener(service), limits);
  whenOver(async () => {
    await listener.stop();
    await close();
  });
  // Written as the server writes, so that its reading thread hears of it.
  const served = { ...store, ...methods };
  return { folder, backendStoreUri, url: `http://127.0.0.1:${listener.port}`, store: served, errors };
}
