import { homedir } from "node:os";
import { join, sep } from "node:path";
import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import type { ScoringServer, ServingRemedy } from "../../protocol/serving.ts";
import { execute } from "../platform/commands.ts";
import type { Remedy } from "../platform/platform.ts";
import { startRemedy } from "../projects/starting.ts";
import { choicesOf, type ServeChoices } from "./choices.ts";
import { PortTaken } from "./ports.ts";
import { startServing, type ServingParts } from "./startServing.ts";
import { readServed, type ServedModel } from "./target.ts";

/** What helps when a model could not even be started. */
function serveRemedy(
  parts: ServingParts,
  error: unknown,
  served: ServedModel,
  choices: ServeChoices,
): Remedy | undefined {
  if (!(error instanceof PortTaken)) return startRemedy(error);
  const port = error.free;
  return { title: `Serve on ${port}`, run: () => serveOrTell(parts, served, { ...choices, port }) };
}

/** What helps against the problem of a server; `undefined` where only its log does. */
export function problemRemedy(parts: ServingParts, server: ScoringServer): Remedy | undefined {
  const { next } = server.problem ?? {};
  if (next === undefined || next.action === "showLog") return undefined;
  return { title: next.title, run: () => tell(parts, () => help(parts, server, next)) };
}

async function help(
  parts: ServingParts,
  server: ScoringServer,
  { action, value = "" }: ServingRemedy,
): Promise<unknown> {
  switch (action) {
    case "serveElsewhere":
      return serveAgain(parts, server, withoutPort);
    case "restart":
      return serveAgain(parts, server, (same) => same);
    case "useLocal":
      return serveAgain(parts, server, (choices) => ({ ...choices, env_manager: "local" }));
    case "useVirtualenv":
      return serveAgain(parts, server, (choices) => ({ ...choices, env_manager: "virtualenv" }));
    case "rebuild":
      await removeEnvironment(value);
      return serveAgain(parts, server, (same) => same);
    case "selectInterpreter":
      await execute("flowdeck.projects.selectInterpreter");
      return serveAgain(parts, server, withoutPython);
    case "copyInstall":
      return vscode.env.clipboard.writeText(value);
    case "showLog":
      return execute("flowdeck.serving.showLog", server);
    default:
      return action satisfies never;
  }
}

function withoutPort(choices: ServeChoices): ServeChoices {
  const { port: _, ...others } = choices;
  return others;
}

function withoutPython(choices: ServeChoices): ServeChoices {
  const { python: _, ...others } = choices;
  return others;
}

/**
 * Ends a server and serves what it was asked for once more: an alias may name another version by now. Undefined when the person was
 * told why it is not served.
 */
export async function serveAgain(
  parts: ServingParts,
  server: ScoringServer,
  change: (choices: ServeChoices) => ServeChoices,
): Promise<ScoringServer | undefined> {
  const python = parts.scoring.stateOf(server.id)?.python;
  const choices = change({ ...choicesOf(server), ...(python === undefined ? {} : { python }) });
  const { remote } = await parts.stores.get(server.store);
  const served = await readServed(remote, { uri: server.store, model_uri: server.model_uri });
  await parts.scoring.stop(server.id);
  return serveOrTell(parts, served, choices);
}

/** Serves a model, as `startServing` does; when that fails, says why, with what helps. */
export async function serveOrTell(
  parts: ServingParts,
  served: ServedModel,
  choices: ServeChoices,
  isWanted?: (server: ScoringServer) => boolean,
): Promise<ScoringServer | undefined> {
  try {
    return await startServing(parts, served, choices, isWanted);
  } catch (error) {
    parts.platform.report(error, serveRemedy(parts, error, served, choices));
    return undefined;
  }
}

/** Only a folder that mlflow makes for its environments is removed. */
async function removeEnvironment(folder: string): Promise<void> {
  const home = process.env["MLFLOW_ENV_ROOT"] ?? join(homedir(), ".mlflow", "envs");
  if (!folder.startsWith(home + sep) || !/[/\\]mlflow-[0-9a-f]{8,}$/.test(folder)) {
    throw new MlflowError(
      "INVALID_STATE",
      `${folder} is no environment of mlflow's, so it was not removed; look into it.`,
    );
  }
  await vscode.workspace.fs.delete(vscode.Uri.file(folder), { recursive: true });
}

/** A button's work, whose failure is told as that of a command is. */
async function tell(parts: ServingParts, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    parts.platform.report(error, startRemedy(error));
  }
}
