import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { PageSettingsView } from "../../protocol/panels/settings.ts";
import { tell, type Port, type Told } from "../../protocol/rpc.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import { onSetting } from "../platform/settings.ts";
import { pageOf } from "./page.ts";
import { PageHosts } from "./pageHosts.ts";
import { pageSettings } from "./pageSettings.ts";
import { webviewPort } from "./port.ts";

/** What a kind of panel is. */
export interface PanelKind {
  /** View type, such as `flowdeck.experiment`. */
  type: string;
  /** Bundle in dist/webview, such as `experiment`. */
  page: string;
  /** It shows artifacts. */
  viewers?: true;
}

export type PanelIcon = vscode.Uri | { light: vscode.Uri; dark: vscode.Uri };

/** The one base of every webview panel: page and policy, port, title, end of life. It holds no truth and boots afresh when shown. */
export class Panel<View extends object> extends Disposable {
  readonly #platform: Platform;
  readonly #kind: PanelKind;
  readonly #panel: vscode.WebviewPanel;
  protected readonly port: Port;
  readonly #hosts: PageHosts;
  /** What the page may be told. */
  protected readonly view: Told<View>;

  protected constructor(platform: Platform, kind: PanelKind, panel: vscode.WebviewPanel) {
    super();
    this.#platform = platform;
    this.#kind = kind;
    this.#panel = this.own(panel);
    this.port = webviewPort(panel.webview, platform);
    this.view = tell<View>(this.port, "view");
    this.#hosts = this.own(new PageHosts(this.port));
    const page = tell<PageSettingsView>(this.port, "settings");
    this.own(onSetting(["flowdeck.metrics.direction"], () => page.changed(pageSettings())));
    panel.onDidDispose(() => this.dispose());
  }

  /** Loads the page, for its first subject or for another one; `host` answers what it asks. */
  protected load(subject: unknown, host: object): void {
    const root = vscode.Uri.joinPath(this.#platform.context.extensionUri, "dist", "webview");
    const { webview } = this.#panel;
    webview.options = { enableScripts: true, localResourceRoots: [root] };
    webview.html = pageOf({
      panel: this.#kind.page,
      title: this.#panel.title,
      subject,
      settings: pageSettings(),
      channel: this.#hosts.next(host),
      viewers: this.#kind.viewers === true,
      nonce: randomBytes(18).toString("base64url"),
      cspSource: webview.cspSource,
      uriOf: (file) => webview.asWebviewUri(vscode.Uri.joinPath(root, file)).toString(),
    });
  }

  /** Calls `then` when the tab comes to the front or leaves it. */
  onActive(then: () => void): void {
    this.own(this.#panel.onDidChangeViewState(then));
  }

  /** Calls `then` once when the tab is closed. */
  onClose(then: () => void): void {
    this.own({ dispose: then });
  }

  reveal(): void {
    this.#panel.reveal();
  }

  get visible(): boolean {
    return this.#panel.visible;
  }

  get active(): boolean {
    return this.#panel.active;
  }

  protected name(title: string, icon: PanelIcon): void {
    // A closed tab refuses a name, and what named it was asked for before it closed.
    if (this.disposed) return;
    if (this.#panel.title !== title) this.#panel.title = title;
    this.#panel.iconPath = icon;
  }
}

/** A new tab for a panel of this kind, beside nothing: where the person works. */
export function openTab(kind: PanelKind, title: string): vscode.WebviewPanel {
  const options = { enableScripts: true, retainContextWhenHidden: false };
  return vscode.window.createWebviewPanel(kind.type, title, vscode.ViewColumn.Active, options);
}

/** The border: what a page saved may be missing or of an older format. */
export function savedSubject(state: unknown): { uri?: string; experiment_id?: string; run_id?: string; name?: string } {
  if (typeof state !== "object" || state === null || !("subject" in state)) return {};
  const { subject } = state;
  return typeof subject === "object" && subject !== null ? subject : {};
}
