// Where the tracking server of a store tells its port and token. No vscode.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ServerDiscovery } from "../../protocol/discovery.ts";

/** The discovery file of a store's server, below the extension's global storage. */
export function discoveryFileOf(globalStorage: string, uri: string): string {
  const name = createHash("sha256").update(uri).digest("hex").slice(0, 16);
  return join(globalStorage, "servers", `${name}.json`);
}

/** What the file says, or undefined when it is absent or not (yet) whole. */
export async function readDiscovery(file: string): Promise<ServerDiscovery | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return asDiscovery(JSON.parse(text));
  } catch {
    // Half written: the caller asks again.
    return undefined;
  }
}

/** The border. */
function asDiscovery(value: unknown): ServerDiscovery | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const found = value as Partial<ServerDiscovery>;
  const whole = typeof found.port === "number" && typeof found.token === "string" && typeof found.pid === "number";
  return whole && found.format === 1 ? (found as ServerDiscovery) : undefined;
}
