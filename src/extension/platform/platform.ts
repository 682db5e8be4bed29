import * as vscode from "vscode";
import { join } from "node:path";
import type { RowView } from "./menuRow.ts";
import { asMlflowError, MlflowError } from "../../mlflow/errors.ts";

/** A button of a notification. */
export interface Remedy {
  title: string;
  run(): unknown;
}

/** What every part of the extension may lean on. */
export interface Platform {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  /** Lets work go on unwatched; what it throws is logged, with `what` it was. */
  background(what: string, work: PromiseLike<unknown>): void;
  /** Tells the person that something they asked for failed: one sentence, at most two buttons, the second Show Log. */
  report(error: unknown, remedy?: Remedy): void;
  /** Views whose rows have the commands of `ROW_MENUS` in their menus. */
  readonly rowViews: RowView<{ kind: string }>[];
  /** Absolute path of a bundled program, such as `store.js`. */
  program(name: string): string;
}

export function createPlatform(context: vscode.ExtensionContext): Platform {
  const log = vscode.window.createOutputChannel("Flowdeck", { log: true });
  context.subscriptions.push(log);
  const background = (what: string, work: PromiseLike<unknown>): void => {
    work.then(undefined, (error: unknown) => log.warn(`${what}: ${detailsOf(error)}`));
  };
  return {
    context,
    log,
    background,
    rowViews: [],
    program: (name) => join(context.extensionPath, "dist", name),
    report(error, remedy) {
      if (isCancelled(error)) return;
      log.error(detailsOf(error));
      const buttons: Remedy[] = [...(remedy ? [remedy] : []), { title: "Show Log", run: () => log.show() }];
      const chosen = vscode.window.showErrorMessage(sentenceOf(error), ...buttons.map((button) => button.title));
      background(
        "button of a notification",
        Promise.resolve(chosen).then((title) => buttons.find((button) => button.title === title)?.run()),
      );
    },
  };
}

/** The one sentence a person reads. What no room worded is not shown raw: the log has it. */
export function sentenceOf(error: unknown): string {
  if (error instanceof MlflowError && error.error_code !== "INTERNAL_ERROR") return plainText(firstLine(error.message));
  return "Flowdeck met something it did not expect; the log says what.";
}

/** A person who pressed Escape is not told that they did. */
export function isCancelled(error: unknown): boolean {
  return asMlflowError(error).error_code === "CANCELLED";
}

function detailsOf(error: unknown): string {
  if (error instanceof MlflowError) return `${error.error_code}: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * Without the backticks that mark names, which notifications and tree rows show as they are; and without links: a notification takes
 * `[text](command:…)` for one, and anybody's name may stand in a sentence.
 */
export function plainText(text: string): string {
  return text.replaceAll("`", "").replaceAll("](", "] (");
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
