import * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import {
  BACKEND_CONFIG_FILES,
  CREATE_PROJECT_REQUEST,
  LAST_RUNS_REQUEST,
  MAY_RUN_NOTIFICATION,
  PARAMETER_CHOICES_REQUEST,
  REGISTERED_MODELS_REQUEST,
  RUNS_CHANGED_NOTIFICATION,
  type CreateProjectParams,
  type CreateProjectResult,
  type LanguageOptions,
  type LastRunsParams,
  type ParameterChoicesParams,
  type ParameterChoicesResult,
  type RegisteredModelResult,
  type RegisteredModelsParams,
} from "../../protocol/language.ts";
import { coalesce } from "../platform/coalesce.ts";
import type { CommandName } from "../platform/commands.ts";
import type { Disposes } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import type { Stores } from "../stores/stores.ts";
import { directionByName } from "../../protocol/metricDirection.ts";
import { setting } from "../platform/settings.ts";
import { readLastRuns } from "./lastRun.ts";
import { readRegisteredModel } from "./registeredModels.ts";

/** A hover names earlier runs, which a click opens; it runs with a value of theirs, or charts it. */
const LINKED: CommandName[] = [
  "flowdeck.tracking.openRun",
  "flowdeck.tracking.openExperiment",
  "flowdeck.projects.run",
];
/** Takes a third off the memory of the server: what it reads is small. The C library (of Linux) keeps a heap for each thread otherwise. */
const SMALL = { execArgv: ["--max-semi-space-size=1"], env: { MALLOC_ARENA_MAX: "1" } };
/** ms after which a lens says anew how long ago the last run was. */
const AGES = 60_000;

export interface LanguageServer extends Disposes {
  createProject(params: CreateProjectParams): Promise<CreateProjectResult>;
  parameterChoices(params: ParameterChoicesParams): Promise<ParameterChoicesResult>;
}

/** The language server for MLproject files, running. Loaded late: the client is the largest part of the extension. */
export async function startClient(platform: Platform, stores: Stores): Promise<LanguageServer> {
  const server = { module: platform.program("languageServer.js"), transport: TransportKind.ipc, options: SMALL };
  // In an untrusted workspace running would be refused, so it is not offered.
  const options: LanguageOptions = { lens: true, mayRun: vscode.workspace.isTrusted };
  const outputChannel: vscode.LogOutputChannel = platform.log;
  const client = new LanguageClient("flowdeck.language", "Flowdeck: MLproject", server, {
    documentSelector: [
      { language: "mlproject", scheme: "file" },
      // Only those that a project or a model has a use for are looked into; the server knows which.
      { pattern: "**/{MLmodel,*.yaml,*.yml}", scheme: "file" },
      { pattern: `**/${BACKEND_CONFIG_FILES}`, scheme: "file" },
      // Only a file that has to do with MLflow, or lies below an MLproject, is parsed.
      { language: "python", scheme: "file" },
      { language: "python", scheme: "vscode-notebook-cell" },
    ],
    initializationOptions: options,
    outputChannel,
    markdown: { isTrusted: { enabledCommands: LINKED } },
  });
  client.onRequest(LAST_RUNS_REQUEST, (params: LastRunsParams) => readLastRuns(stores, params));
  client.onRequest(REGISTERED_MODELS_REQUEST, (params: RegisteredModelsParams) => registeredModels(stores, params));
  await client.start();
  const tell = coalesce(platform, "lenses of MLproject files", 500, () =>
    client.sendNotification(RUNS_CHANGED_NOTIFICATION),
  );
  const listening = [
    stores.onChange(() => tell.request()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      platform.background("lenses that run", client.sendNotification(MAY_RUN_NOTIFICATION));
    }),
  ];
  const ages = setInterval(() => tell.request(), AGES);
  return {
    createProject: (params) => client.sendRequest<CreateProjectResult>(CREATE_PROJECT_REQUEST, params),
    parameterChoices: (params) => client.sendRequest<ParameterChoicesResult>(PARAMETER_CHOICES_REQUEST, params),
    dispose() {
      clearInterval(ages);
      for (const one of listening) one.dispose();
      tell.dispose();
      platform.background("stopping the language server", client.stop());
    },
  };
}

/** In the store of the file's folder; a cell's is that of its notebook. */
async function registeredModels(
  stores: Stores,
  { uri, names }: RegisteredModelsParams,
): Promise<Array<RegisteredModelResult | null>> {
  const named = vscode.Uri.parse(uri, true);
  const file = named.scheme === "vscode-notebook-cell" ? vscode.Uri.file(named.fsPath) : named;
  const store = await stores.of(file);
  if (store === undefined || store.status.state !== "open") return names.map(() => null);
  const directions = setting("flowdeck.metrics.direction", {}, file);
  const directionOf = (key: string) => directions[key] ?? directionByName(key);
  return Promise.all(names.map((name) => readRegisteredModel(store, name, directionOf)));
}
