import * as vscode from "vscode";
import { isLocalUri, localPath } from "../../mlflow/uris.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import type { Platform } from "../platform/platform.ts";
import type { StoreHandle } from "../stores/stores.ts";
import type { ServedModel } from "./target.ts";

const TRUSTED = "flowdeck.serving.trusted";

/** @throws MlflowError where nothing may be served. */
export function checkMayServe(): void {
  if (vscode.workspace.isTrusted) return;
  throw new MlflowError("PERMISSION_DENIED", "This workspace is not trusted, so no model is served from it.");
}

/**
 * Asks once for each source whether the model may be loaded: that runs code which it brings. Throws CANCELLED when it may not.
 * Nothing is served in a workspace that is not trusted.
 */
export async function trustModel({ context }: Platform, store: StoreHandle, served: ServedModel): Promise<void> {
  checkMayServe();
  const trusted = context.globalState.get<string[]>(TRUSTED, []);
  const [whole, one] = [`store ${store.uri}`, `model ${store.uri} ${served.source}`];
  if (trusted.includes(whole) || (served.source !== "" && trusted.includes(one))) return;
  const serve = "Serve This Model";
  const all = `Trust All Models of ${store.name}`;
  const by = served.author === undefined || served.author === "" ? "" : ` It was logged by ${served.author}.`;
  const chosen = await vscode.window.showWarningMessage(
    `Do you trust the author of ${served.title}?`,
    {
      modal: true,
      detail:
        `To load a model runs code that it brings: a pickle, or Python files of its own, with your rights on this machine.${by} ` +
        `If you do not trust where it comes from, do not serve it.\n\n${isLocalUri(served.place) ? localPath(served.place) : served.place}`,
    },
    serve,
    all,
  );
  if (chosen === undefined) throw new MlflowError("CANCELLED", "The model is not trusted.");
  const again = context.globalState.get<string[]>(TRUSTED, []);
  await context.globalState.update(TRUSTED, [...new Set([...again, chosen === all ? whole : one])]);
}
