import type * as vscode from "vscode";
import type { ScoringServer, ServingEnvManager } from "../../protocol/serving.ts";
import { setting } from "../platform/settings.ts";
import type { ServedModel } from "./target.ts";

/** How a model is served; what is absent is found when it is. */
export interface ServeChoices {
  /** Absent: the workspace's interpreter. */
  python?: string;
  env_manager: ServingEnvManager;
  workers: number;
  /** s for one request. */
  timeout: number;
  /** Absent: the first free one from the setting on. */
  port?: number;
  keep: boolean;
}

const KEPT = "flowdeck.serving.choices";

/** The model's name among those whose choices are kept: every version of it is served alike. */
function keyOf({ store, model, model_uri }: ServedModel): string {
  return `${store}#${model?.name ?? model_uri}`;
}

/** What was chosen for the model last, the settings where nothing was. */
export function choicesFor(memory: vscode.Memento, served: ServedModel, scope?: vscode.Uri): ServeChoices {
  const usual: ServeChoices = {
    env_manager: setting("flowdeck.serving.envManager", "local", scope),
    workers: 1,
    timeout: 60,
    keep: setting("flowdeck.serving.keepRunning", false, scope),
  };
  const kept = memory.get<Record<string, Partial<ServeChoices>>>(KEPT, {})[keyOf(served)];
  return { ...usual, ...kept };
}

/** Remembers what differs from the settings, for the next time. */
export async function keepChoices(memory: vscode.Memento, served: ServedModel, choices: ServeChoices): Promise<void> {
  const all = memory.get<Record<string, Partial<ServeChoices>>>(KEPT, {});
  await memory.update(KEPT, { ...all, [keyOf(served)]: choices });
}

/** How a server was started. */
export function choicesOf(server: ScoringServer): ServeChoices {
  const { env_manager, workers, timeout, port, keep } = server;
  return { env_manager, workers, timeout, port, keep };
}
