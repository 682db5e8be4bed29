// What is said of a scoring server. No vscode: tested as tables.
import type { ScoringServer } from "../../protocol/serving.ts";
import { countText, durationText, sizeText } from "../tracking/format.ts";

/** How a server is, in a word. */
export function stateWord({ state }: ScoringServer): string {
  return state === "unhealthy" ? "does not answer" : state;
}

/** Behind its title in a row: `:5001 · ready · 18 requests`. */
export function rowText(server: ScoringServer): string {
  return [...placeOf(server), stateWord(server), ...askedOf(server)].join(" · ");
}

function placeOf({ port, state }: ScoringServer): string[] {
  return state === "stopped" || state === "failed" ? [] : [`:${port}`];
}

function askedOf({ state, requests }: ScoringServer): string[] {
  return state === "ready" && requests > 0 ? [countText(requests, "request")] : [];
}

/** What a screen reader says of a row: its model and how it is come first. */
export function spokenText(server: ScoringServer): string {
  const problem = server.problem === undefined ? [] : [server.problem.text];
  return [server.title, stateWord(server), ...placeOf(server), ...askedOf(server), ...problem].join(", ");
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
