import type { SavedPanel } from "../../protocol/panels/saved.ts";
import type { PageSettings, PageSettingsView } from "../../protocol/panels/settings.ts";
import { type Port, serve } from "../../protocol/rpc.ts";
import { directions } from "./metrics.ts";

// The page's one way out: VS Code's message channel and the state it keeps for the panel.

/** What a page starts from. */
export interface Page<Subject, View> {
  port: Port;
  /** Channel on which the host answers. */
  channel: string;
  subject: Subject;
  /** What the person had arranged when the panel was last seen, or the defaults. */
  view: View;
  /** Keeps `view` for the next time; a few KB. */
  save(view: View): void;
}

/** Opens the page, once. `readView` makes a whole view of whatever was saved, by this version or another. */
export function openPage<Subject, View>(readView: (saved: unknown) => View): Page<Subject, View> {
  const vscode = acquireVsCodeApi<SavedPanel<Subject, unknown>>();
  const subject = read<Subject>("subject");
  const state = vscode.getState();
  const view = readView(state?.format === 1 ? state.view : undefined);
  const save = (next: View) => {
    vscode.setState({ format: 1, subject, view: next });
  };
  // Saved at once, so that the host finds the subject even if nothing is ever arranged.
  save(view);
  const port: Port = {
    post: (message) => vscode.postMessage(message),
    onMessage(listener) {
      const onEvent = (event: MessageEvent<unknown>) => listener(event.data);
      window.addEventListener("message", onEvent);
      return () => window.removeEventListener("message", onEvent);
    },
  };
  const apply = (settings: PageSettings) => {
    directions.value = settings.directions;
  };
  apply(read<PageSettings>("settings") ?? { directions: {} });
  serve(port, { changed: async (settings) => apply(settings) } satisfies PageSettingsView, "settings");
  return { port, channel: document.body.dataset["channel"] ?? "", subject, view, save };
}

/** The border: the host wrote it into the page. */
function read<T>(name: "subject" | "settings"): T {
  return JSON.parse(document.body.dataset[name] ?? "null") as T;
}
