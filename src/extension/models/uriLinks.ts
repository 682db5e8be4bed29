import * as vscode from "vscode";
import { findUris, namedBy } from "../../mlflow/findUris.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { execute, registerCommand } from "../platform/commands.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import { askText } from "../platform/questions.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";

/** Whatever is text: files, what is not saved yet, cells of notebooks, artifacts, versions in git. */
const TEXTS: vscode.DocumentSelector = ["file", "untitled", "vscode-notebook-cell", "mlflow-artifact", "git"].map(
  (scheme) => ({ scheme }),
);
/** Of a longer text the first part is looked through for links. */
const MOST_LINES = 20_000;
const MOST_CHARACTERS = 2_000_000;
/** A line is looked at around the pointer. */
const AROUND = 1_000;

/** Hovers and links of `runs:/…` and `models:/…` in any file. What they name is found with the first one. */
export class UriLinks extends Disposable {
  readonly #stores: Stores;

  constructor(platform: Platform, stores: Stores) {
    super();
    this.#stores = stores;
    this.own(
      vscode.languages.registerDocumentLinkProvider(TEXTS, { provideDocumentLinks: (document) => linksIn(document) }),
    );
    this.own(
      vscode.languages.registerHoverProvider(TEXTS, {
        provideHover: (document, position) => this.#hover(document, position),
      }),
    );
    this.own(
      registerCommand(platform, "flowdeck.models.openUri", async (given) => {
        const text = given ?? (await askUri());
        if (text !== undefined) await this.#open(text.trim());
      }),
    );
  }

  async #hover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const { text } = document.lineAt(position);
    const from = Math.max(0, position.character - AROUND);
    const at = position.character - from;
    const found = findUris(text.slice(from, position.character + AROUND)).find(
      ({ start, end }) => start <= at && at <= end,
    );
    if (found === undefined) return undefined;
    const [{ findNamed }, { HOVER_COMMANDS, namedWords }] = await Promise.all([
      import("./namedThing.ts"),
      import("./namedWords.ts"),
    ]);
    const thing = await findNamed(await this.#near(document.uri), found.names);
    const words = new vscode.MarkdownString(namedWords(thing, Date.now()), true);
    words.isTrusted = { enabledCommands: HOVER_COMMANDS };
    const { line } = position;
    return new vscode.Hover(words, new vscode.Range(line, from + found.start, line, from + found.end));
  }

  /** The open stores; that of the file's folder first. */
  async #near(file: vscode.Uri | undefined): Promise<StoreHandle[]> {
    const all = (await this.#stores.all()).filter(({ status }) => status.state === "open");
    const own = file === undefined ? undefined : await this.#stores.of(file);
    return own === undefined
      ? all
      : [...all.filter(({ uri }) => uri === own.uri), ...all.filter(({ uri }) => uri !== own.uri)];
  }

  async #open(text: string): Promise<void> {
    const names = namedBy(text);
    if (names === undefined) {
      const message =
        "A URI is runs:/<run id>/path, models:/name/1, models:/name@alias or models:/m-… of a logged model.";
      throw new MlflowError("INVALID_PARAMETER_VALUE", message);
    }
    const { findNamed } = await import("./namedThing.ts");
    const thing = await findNamed(await this.#near(vscode.window.activeTextEditor?.document.uri), names);
    switch (thing.kind) {
      case "run": {
        const { uri, path, artifact } = thing;
        const target = { uri, run_id: thing.run.info.run_id };
        if (artifact === "file") await execute("flowdeck.tracking.openArtifact", { ...target, path });
        else await execute("flowdeck.tracking.openRun", target);
        return;
      }
      case "version": {
        const { name, version } = thing.version;
        await execute("flowdeck.models.openModel", { uri: thing.uri, name, version });
        return;
      }
      case "loggedModel":
        await execute("flowdeck.models.openLoggedModel", { uri: thing.uri, model_id: thing.model.info.model_id });
        return;
      case "missing": {
        const { sentence, meant } = thing;
        if (meant === undefined) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", sentence);
        const open = `Open ${meant}`;
        if ((await vscode.window.showWarningMessage(sentence, open)) === open) await this.#open(meant);
        return;
      }
      default:
        return thing satisfies never;
    }
  }
}

function linksIn(document: vscode.TextDocument): vscode.DocumentLink[] {
  const text =
    document.lineCount > MOST_LINES ? document.getText(new vscode.Range(0, 0, MOST_LINES, 0)) : document.getText();
  return findUris(text.slice(0, MOST_CHARACTERS)).map(({ start, end, text: uri }) => {
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    const target = vscode.Uri.parse(`command:flowdeck.models.openUri?${encodeURIComponent(JSON.stringify([uri]))}`);
    const link = new vscode.DocumentLink(range, target);
    link.tooltip = uri.startsWith("runs:") ? "Open run in Flowdeck" : "Open model in Flowdeck";
    return link;
  });
}

function askUri(): Thenable<string | undefined> {
  return askText({
    title: "URI of a run's artifact, a model version or a logged model",
    placeHolder: "models:/wine-quality@champion",
    validateInput: (text) =>
      text.trim() === "" || namedBy(text.trim()) !== undefined
        ? undefined
        : "Such as runs:/7c1f0e4d/model, models:/wine-quality/3, models:/wine-quality@champion or models:/m-….",
  });
}
