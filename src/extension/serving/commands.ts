import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import type { ScoringServer } from "../../protocol/serving.ts";
import { clickedRow } from "../platform/clickedRow.ts";
import { execute, registerCommand, type ServeArgument } from "../platform/commands.ts";
import { pickOne } from "../platform/questions.ts";
import { startRemedy } from "../projects/starting.ts";
import { LogChannels } from "./logChannels.ts";
import { rowCommandsOf } from "./rowCommands.ts";
import { isLive, rowText } from "./serverText.ts";
import type { ServingParts } from "./startServing.ts";
import type { ServeTarget } from "./target.ts";
import type { ServingTree } from "./tree.ts";

/** Commands on scoring servers and on models to be served; what they do is loaded with the first of them. */
export function registerServingCommands(parts: ServingParts, tree: ServingTree): vscode.Disposable[] {
  const { platform, scoring } = parts;
  const logs = new LogChannels(scoring);
  const rowCommand = rowCommandsOf(platform);
  const lazily = () => import("./actions.ts");
  const serve = async (target: ServeArgument | undefined, asks: boolean): Promise<string | undefined> => {
    const server = await (await lazily()).serve(parts, targetOf(target), { asks });
    if (server !== undefined) show(parts, tree, server);
    return server?.id;
  };
  return [
    logs,
    registerCommand(platform, "flowdeck.serving.serve", (target) => serve(target, false), startRemedy),
    registerCommand(platform, "flowdeck.serving.serveWith", (target) => serve(target, true), startRemedy),
    registerCommand(platform, "flowdeck.serving.openSelected", async () => {
      const server = scoring.find((await clickedRow(tree.view))?.id ?? "");
      if (server?.state === "ready") await execute("flowdeck.serving.predict", { id: server.id });
      else if (server !== undefined) logs.show(server);
    }),
    rowCommand("flowdeck.serving.stop", async (target) => {
      const server = await pick(parts, target, "Server to stop", isLive);
      if (server !== undefined) await scoring.stop(server.id);
    }),
    registerCommand(platform, "flowdeck.serving.stopAll", async () => {
      const servers = scoring.list();
      if (servers.length === 0) throw noServer();
      await Promise.all(servers.map(({ id }) => scoring.stop(id)));
    }),
    rowCommand("flowdeck.serving.remove", async (target) => {
      const server = await pick(parts, target, "Server to take off the list", (one) => !isLive(one));
      if (server !== undefined) await scoring.stop(server.id);
    }),
    rowCommand("flowdeck.serving.restart", async (target) => {
      const server = await pick(parts, target, "Server to restart", () => true);
      if (server === undefined) return;
      const again = await (await lazily()).restart(parts, server);
      if (again !== undefined) show(parts, tree, again);
    }),
    rowCommand("flowdeck.serving.keepRunning", async (target) => {
      const server = await pick(parts, target, "Server that keeps running", isLive);
      if (server !== undefined) scoring.keep(server.id, true);
    }),
    rowCommand("flowdeck.serving.stopWithWindow", async (target) => {
      const server = await pick(parts, target, "Server that stops with its window", isLive);
      if (server !== undefined) scoring.keep(server.id, false);
    }),
    rowCommand("flowdeck.serving.showLog", async (target) => {
      const server = await pick(parts, target, "Server whose log is shown", () => true);
      if (server !== undefined) logs.show(server);
    }),
    rowCommand("flowdeck.serving.copyUrl", async (target) => {
      const server = await pick(parts, target, "Server whose URL is copied", isLive);
      if (server !== undefined) await vscode.env.clipboard.writeText(`${server.url}/invocations`);
    }),
    rowCommand("flowdeck.serving.copyCurl", async (target) => {
      const server = await pick(parts, target, "Server that the line asks", isLive);
      if (server !== undefined) await vscode.env.clipboard.writeText(await (await lazily()).curlOf(parts, server));
    }),
    registerCommand(
      platform,
      "flowdeck.serving.buildImage",
      async (target) => (await lazily()).image(parts, targetOf(target)),
      startRemedy,
    ),
  ];
}

/** VS Code does not find a row in the moment in which it reads the view again: that it is not selected then is no failure. */
function show({ platform }: ServingParts, tree: ServingTree, { id }: ScoringServer): void {
  platform.background("showing a server", tree.view.reveal(tree.rowOf(id), { select: true, focus: false }));
}

/** The server that is meant: that of a row, the only one, or the one that the person picks. */
async function pick(
  { scoring }: ServingParts,
  target: { id?: string } | undefined,
  placeHolder: string,
  isMeant: (server: ScoringServer) => boolean,
): Promise<ScoringServer | undefined> {
  if (target?.id !== undefined) return scoring.find(target.id);
  const servers = scoring.list().filter(isMeant);
  if (servers.length === 0) throw noServer();
  if (servers.length === 1) return servers[0];
  const items = servers.map((server) => ({ label: server.title, description: rowText(server), server }));
  return (await pickOne(items, { placeHolder }))?.server;
}

function noServer(): MlflowError {
  return new MlflowError("RESOURCE_DOES_NOT_EXIST", "No model is served here at the moment.");
}

/** A row of another view, a link's argument, or nothing: then it is asked for. */
function targetOf(argument: ServeArgument | undefined): ServeTarget | { uri: string; name: string } | undefined {
  if (argument === undefined) return undefined;
  const { uri, name, version, alias, model_uri, model_id, run_id, path } = argument;
  if (uri === undefined) return undefined;
  if (model_uri !== undefined) return { uri, model_uri };
  if (name !== undefined && alias !== undefined) return { uri, name, alias };
  if (name !== undefined && version !== undefined) return { uri, name, version };
  if (name !== undefined) return { uri, name };
  if (model_id !== undefined) return { uri, model_id };
  return run_id === undefined ? undefined : { uri, run_id, path: path ?? "" };
}
