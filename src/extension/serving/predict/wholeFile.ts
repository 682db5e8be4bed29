import { basename, dirname, extname, join } from "node:path";
import * as vscode from "vscode";
import { MlflowError } from "../../../mlflow/errors.ts";
import type { ScoringServer } from "../../../protocol/serving.ts";
import { predictFile, type PredictFileResult } from "../../../models/predictFile.ts";
import { execute } from "../../platform/commands.ts";
import { checkTrust } from "../panels/predict.ts";
import type { ServingParts } from "../startServing.ts";
import { addressOf } from "../../server/terminalEnvironment.ts";
import { readAskedModel, servedFolder } from "./readAskedModel.ts";

/** Predict File…: rows of a CSV or JSON through a server into a file beside it, in parts, with progress and Cancel. */
export async function predictWholeFile(parts: ServingParts, server: ScoringServer): Promise<void> {
  checkTrust();
  if (server.state !== "ready") throw new MlflowError("INVALID_STATE", `${server.title} does not answer yet.`);
  const [input] =
    (await vscode.window.showOpenDialog({
      title: `Rows to Ask ${server.title} About`,
      openLabel: "Predict",
      filters: { "CSV or JSON": ["csv", "tsv", "json", "jsonl"] },
    })) ?? [];
  if (input === undefined) return;
  const ending = extname(input.fsPath);
  const kind = ending === ".tsv" ? ".csv" : ending;
  const suggested = join(dirname(input.fsPath), `${basename(input.fsPath, ending)}-predictions${kind}`);
  const output = await vscode.window.showSaveDialog({
    title: "Where the Predictions Go",
    saveLabel: "Write",
    defaultUri: vscode.Uri.file(suggested),
    filters: { "CSV or JSON": [kind.slice(1), ...["csv", "json", "jsonl"].filter((one) => one !== kind.slice(1))] },
  });
  if (output === undefined) return;
  if (output.fsPath === input.fsPath) {
    throw new MlflowError(
      "INVALID_PARAMETER_VALUE",
      "The predictions cannot go into the file that the rows are read from.",
    );
  }
  const store = await parts.stores.get(server.store);
  const { signature } = await readAskedModel(store.remote, server);
  const result = await withParts(server, (signal, onProgress) =>
    predictFile({ input: input.fsPath, output: output.fsPath, server, signature, signal, onProgress }),
  );
  await tell(parts, server, output, result);
}

function withParts<T>(
  { title }: ScoringServer,
  work: (signal: AbortSignal, onProgress: (share: number, rows: number) => void) => Promise<T>,
): Thenable<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress(
    { location, title: `Flowdeck: asking ${title}`, cancellable: true },
    (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      let before = 0;
      return work(controller.signal, (share, rows) => {
        progress.report({ increment: (share - before) * 100, message: `${rows.toLocaleString()} rows` });
        before = share;
      });
    },
  );
}

async function tell(
  parts: ServingParts,
  server: ScoringServer,
  output: vscode.Uri,
  { rows, cancelled }: PredictFileResult,
): Promise<void> {
  const name = basename(output.fsPath);
  if (rows === 0) {
    await vscode.window.showInformationMessage(`It was stopped before the first answer, so ${name} was not written.`);
    return;
  }
  const count = `${rows.toLocaleString()} ${rows === 1 ? "row" : "rows"}`;
  const text = cancelled
    ? `It was stopped: ${name} has the predictions of the first ${count}.`
    : `${name} has the predictions of ${count}.`;
  const buttons = cancelled ? ["Open"] : ["Open", "Log as Artifact"];
  const chosen = await vscode.window.showInformationMessage(text, ...buttons);
  if (chosen === "Open") await vscode.commands.executeCommand("vscode.open", output);
  if (chosen === "Log as Artifact") await logOutput(parts, server, output.fsPath);
}

/** Keeps the file among the artifacts of the run that logged the model, and shows that run. */
async function logOutput({ stores, servers }: ServingParts, server: ScoringServer, file: string): Promise<void> {
  const store = await stores.get(server.store);
  const folder = await servedFolder(store.remote, server);
  const run_id =
    folder === undefined || "run_id" in folder
      ? folder?.run_id
      : (await store.remote.getLoggedModel({ model_id: folder.model_id })).info.source_run_id;
  if (run_id === undefined) {
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `No run of this store logged ${server.title}.`);
  }
  const { info } = await store.remote.getRun({ run_id });
  const tracking = await servers.start(store);
  const { uploadArtifact } = await import("../../../projects/artifactTransfer.ts");
  await uploadArtifact(file, { run_id, artifact_uri: info.artifact_uri }, `predictions/${basename(file)}`, {
    store: store.remote,
    tracking_uri: addressOf(tracking),
    token: tracking.token,
    stop: new AbortController().signal,
  });
  await execute("flowdeck.tracking.openRun", { uri: server.store, run_id });
}
