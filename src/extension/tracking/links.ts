import * as vscode from "vscode";
import { execute } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import type { Servers } from "../server/servers.ts";
import type { Stores } from "../stores/stores.ts";
import { findExperiment, findRun } from "./find.ts";
import { runLinks, type RunLink } from "./runLinks.ts";

interface TerminalRunLink extends vscode.TerminalLink {
  link: RunLink;
}

/** Links that MLflow's client prints open our panels; a run of another server still opens in the browser. */
export function registerTerminalLinks(platform: Platform, stores: Stores, servers: Servers): vscode.Disposable {
  const provider: vscode.TerminalLinkProvider<TerminalRunLink> = {
    provideTerminalLinks: ({ line }) =>
      runLinks(line).map((link) => ({
        startIndex: link.start,
        length: link.length,
        tooltip: link.run_id === undefined ? "Open experiment in Flowdeck" : "Open run in Flowdeck",
        link,
      })),
    handleTerminalLink: ({ link }) => platform.background("terminal link", openLink(stores, servers, link)),
  };
  return vscode.window.registerTerminalLinkProvider(provider);
}

async function openLink(stores: Stores, servers: Servers, link: RunLink): Promise<void> {
  const store = link.port === undefined ? undefined : await servers.storeAt(link.port);
  const where = store === undefined ? {} : { uri: store.uri };
  const { run_id, experiment_id } = link;
  const known = await (run_id === undefined
    ? findExperiment(stores, { ...where, experiment_id })
    : findRun(stores, { ...where, run_id })
  ).catch(() => undefined);
  if (known === undefined) await vscode.env.openExternal(vscode.Uri.parse(link.url, true));
  else if (run_id === undefined) await execute("flowdeck.tracking.openExperiment", { ...where, experiment_id });
  else await execute("flowdeck.tracking.openRun", { ...where, run_id });
}

/** `vscode://flowdeck.flowdeck/run?id=…` and `…/experiment?id=…`, as our server's page links back. */
export function registerUriHandler(platform: Platform, stores: Stores): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri(uri) {
      const query = new URLSearchParams(uri.query);
      const id = query.get("id");
      const named = query.get("store");
      if (id === null) return;
      // A link may come from anywhere: it opens no store that is not open already.
      const where = named !== null && stores.known.some(({ uri: known }) => known === named) ? { uri: named } : {};
      if (uri.path === "/run") {
        platform.background("link to a run", execute("flowdeck.tracking.openRun", { ...where, run_id: id }));
      } else if (uri.path === "/experiment") {
        const opened = execute("flowdeck.tracking.openExperiment", { ...where, experiment_id: id });
        platform.background("link to an experiment", opened);
      }
    },
  });
}
