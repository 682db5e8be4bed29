// What is said of a scoring server. No vscode: tested as tables.
import type { ScoringServer } from "../../protocol/serving.ts";
import { countText, durationText, sizeText } from "../tracking/format.ts";

/** Behind its title in a row: `:5001 · 18 requests`. */
export function rowText({ port, state, requests }: ScoringServer): string {
  switch (state) {
    case "starting":
      return `:${port} · starting`;
    case "ready":
      return requests === 0 ? `:${port}` : `:${port} · ${countText(requests, "request")}`;
    case "unhealthy":
      return `:${port} · does not answer`;
    case "stopping":
      return `:${port} · stopping`;
    case "stopped":
      return "stopped";
    case "failed":
      return "failed";
    default:
      return state satisfies never;
  }
}

/** What a hover says, line by line: a name and its value. */
export function serverFacts(server: ScoringServer, now: number): [name: string, value: string][] {
  const { model, model_uri, url, state, requests, failures, memory, env_manager, workers, timeout, keep } = server;
  const isUp = state === "ready" || state === "unhealthy";
  const version = model?.alias === undefined || model.version === undefined ? "" : ` (version ${model.version})`;
  const failed = failures === 0 ? "" : `, ${failures.toLocaleString("en-US")} of them refused or failed`;
  const facts: [string, string | undefined][] = [
    ["Model", `${model_uri}${version}`],
    ["URL", url],
    ["Requests", `${requests.toLocaleString("en-US")}${failed}`],
    ["Memory", memory === undefined || !isUp ? undefined : sizeText(memory)],
    ["Up for", isUp ? durationText(now - server.started) : undefined],
    ["Workers", workers === 1 ? undefined : String(workers)],
    ["Environment", env_manager],
    ["Timeout", `${timeout} s`],
    ["mlflow", server.mlflow_version],
    ["When the window closes", keep ? "keeps running" : "stops"],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

/** Servers that are, or will be, there to ask. */
export function isLive({ state }: ScoringServer): boolean {
  return state === "starting" || state === "ready" || state === "unhealthy";
}
