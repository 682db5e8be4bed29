import * as vscode from "vscode";
import type { ScoringServer } from "../../protocol/serving.ts";
import { commandOf } from "../platform/commands.ts";
import { coalesce } from "../platform/coalesce.ts";
import { Disposable } from "../platform/disposable.ts";
import { plainText, type Platform } from "../platform/platform.ts";
import type { ScoringServers } from "./scoringServers.ts";
import { isLive, rowText, serverFacts, spokenText } from "./serverText.ts";

/** A row: the server of that id. */
export interface ServingRow {
  kind: "server";
  id: string;
}

/** The Serving view: one row for each scoring server. Nothing is asked at rest: programs tell what changes. */
export class ServingTree extends Disposable implements vscode.TreeDataProvider<ServingRow> {
  readonly #scoring: ScoringServers;
  readonly #fired = this.own(new vscode.EventEmitter<ServingRow[] | undefined>());
  readonly #rows = new Map<string, ServingRow>();
  /** The rows that VS Code has read. */
  #read: readonly ServingRow[] = [];
  readonly view: vscode.TreeView<ServingRow>;

  readonly onDidChangeTreeData = this.#fired.event;

  constructor(platform: Platform, scoring: ScoringServers) {
    super();
    this.#scoring = scoring;
    const draw = this.own(coalesce(platform, "Serving view", 50, async () => this.#draw()));
    this.own(scoring.onChange(() => draw.request()));
    this.view = this.own(vscode.window.createTreeView("flowdeck.serving", { treeDataProvider: this }));
  }

  getChildren(row?: ServingRow): ServingRow[] {
    if (row !== undefined) return [];
    const rows = this.#scoring.list().map(({ id }) => this.rowOf(id));
    for (const id of this.#rows.keys()) if (this.#scoring.find(id) === undefined) this.#rows.delete(id);
    this.#read = rows;
    return rows;
  }

  /** A view that is read as a whole knows none of its rows meanwhile: a button that is clicked then would mean none. */
  #draw(): void {
    const ids = this.#scoring.list().map(({ id }) => id);
    const isSame = ids.length === this.#read.length && this.#read.every(({ id }, index) => id === ids[index]);
    this.#fired.fire(isSame ? [...this.#read] : undefined);
  }

  getParent(): undefined {
    return undefined;
  }

  getTreeItem({ id }: ServingRow): vscode.TreeItem {
    const server = this.#scoring.find(id);
    return server === undefined ? new vscode.TreeItem("") : itemOf(server);
  }

  /** How long it is up, read when it is pointed at. */
  resolveTreeItem(item: vscode.TreeItem, { id }: ServingRow): vscode.TreeItem {
    const server = this.#scoring.find(id);
    if (server !== undefined) item.tooltip = tooltipOf(server);
    return item;
  }

  /** The row of a server stays the same object. */
  rowOf(id: string): ServingRow {
    const known = this.#rows.get(id);
    if (known !== undefined) return known;
    const row: ServingRow = { kind: "server", id };
    this.#rows.set(id, row);
    return row;
  }
}

function itemOf(server: ScoringServer): vscode.TreeItem {
  const item = new vscode.TreeItem(server.title, vscode.TreeItemCollapsibleState.None);
  item.id = server.id;
  item.iconPath = iconOf(server);
  item.description = rowText(server);
  item.command = commandOf("flowdeck.serving.openSelected", "Open");
  const words = ["server", server.state, isLive(server) ? "live" : "over", server.keep ? "kept" : "bound"];
  item.contextValue = words.join(" ");
  item.accessibilityInformation = { label: plainText(spokenText(server)) };
  return item;
}

function iconOf({ state }: ScoringServer): vscode.ThemeIcon {
  switch (state) {
    case "starting":
    case "stopping":
      return new vscode.ThemeIcon("loading~spin", new vscode.ThemeColor("textLink.foreground"));
    case "ready":
      return new vscode.ThemeIcon("pass-filled", new vscode.ThemeColor("testing.iconPassed"));
    case "unhealthy":
      return new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
    case "failed":
      return new vscode.ThemeIcon("error", new vscode.ThemeColor("testing.iconFailed"));
    case "stopped":
      return new vscode.ThemeIcon("circle-outline");
    default:
      return state satisfies never;
  }
}

function tooltipOf(server: ScoringServer): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendText(`${server.title}\n`);
  if (server.problem !== undefined) text.appendMarkdown("\n\n").appendText(plainText(server.problem.text));
  for (const [name, value] of serverFacts(server, Date.now())) {
    text.appendMarkdown(`\n\n**${name}** `).appendText(value);
  }
  return text;
}
