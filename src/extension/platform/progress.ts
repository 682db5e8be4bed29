import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { plainText } from "./platform.ts";

/**
 * Native progress with Cancel, shown only when `work` takes longer than 300 ms. Throws CANCELLED at once when it is cancelled.
 * Work that goes on to its end whatever is pressed is not `cancellable`: it has no Cancel.
 */
export async function withProgress<T>(
  title: string,
  work: (signal: AbortSignal) => Promise<T>,
  { cancellable } = { cancellable: true },
): Promise<T> {
  const controller = new AbortController();
  const result = work(controller.signal);
  const late = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), 300));
  const first = await Promise.race([result.then(() => "done" as const), late]);
  if (first === "done") return result;
  const options = { location: vscode.ProgressLocation.Notification, title: plainText(title), cancellable };
  return vscode.window.withProgress(options, (_progress, token) => {
    const cancelled = new Promise<never>((_resolve, reject) => {
      token.onCancellationRequested(() => {
        controller.abort();
        reject(new MlflowError("CANCELLED", "The person cancelled it."));
      });
    });
    return Promise.race([result, cancelled]);
  });
}
