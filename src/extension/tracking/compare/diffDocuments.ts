import * as vscode from "vscode";
import { MlflowError } from "../../../mlflow/errors.ts";
import { Disposable } from "../../platform/disposable.ts";
import type { Stores } from "../../stores/stores.ts";
import { commitDiff } from "../git.ts";
import { runText } from "./diffText.ts";

const SCHEME = "flowdeck-compare";

/** What a document of the native diff editor holds. */
export type DiffContent =
  /** Params, tags and source of a run. */
  | { kind: "run"; uri: string; run_id: string }
  /** The side of a file that a run does not have. */
  | { kind: "none" }
  /** What changed from one commit to another. */
  | { kind: "commits"; root: string; left: string; right: string };

/** The address of a document; `name` is for its tab and its language. */
export function diffDocument(content: DiffContent, name: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${name.replaceAll("/", "-")}`, query: JSON.stringify(content) });
}

/** Runs and commits as read-only documents; those of runs follow what is logged. */
export class DiffDocuments extends Disposable implements vscode.TextDocumentContentProvider {
  readonly #stores: Stores;
  readonly #changed = this.own(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;

  constructor(stores: Stores) {
    super();
    this.#stores = stores;
    this.own(vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
    this.own(
      stores.onChange(({ store, change }) => {
        for (const { uri } of vscode.workspace.textDocuments) {
          const content = uri.scheme === SCHEME ? contentOf(uri) : undefined;
          if (content?.kind !== "run" || content.uri !== store.uri) continue;
          if (change.everything || change.run_ids.includes(content.run_id)) this.#changed.fire(uri);
        }
      }),
    );
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const content = contentOf(uri);
    switch (content?.kind) {
      case "run": {
        const { remote } = await this.#stores.get(content.uri);
        return runText(await remote.getRun({ run_id: content.run_id }));
      }
      case "commits":
        return vscode.workspace.isTrusted ? commitDiff(content.root, content.left, content.right) : "";
      case "none":
        return "";
      default:
        throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "This document names no run.");
    }
  }
}

/** The border: the query is ours, but anyone may write one. */
function contentOf(uri: vscode.Uri): DiffContent | undefined {
  let read: unknown;
  try {
    read = JSON.parse(uri.query);
  } catch {
    return undefined;
  }
  if (typeof read !== "object" || read === null) return undefined;
  const { kind, ...parts } = read as Record<string, unknown>;
  const text = (key: string) => (typeof parts[key] === "string" ? parts[key] : "");
  if (kind === "none") return { kind };
  if (kind === "run") return { kind, uri: text("uri"), run_id: text("run_id") };
  const commits = { root: text("root"), left: text("left"), right: text("right") };
  const known = [commits.left, commits.right].every((commit) => /^[0-9a-f]{7,64}$/i.test(commit));
  return kind === "commits" && known ? { kind, ...commits } : undefined;
}
