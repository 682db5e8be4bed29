import type * as vscode from "vscode";
import type { TableAction } from "../../../protocol/panels/experiment.ts";
import { registerCommand } from "../../platform/commands.ts";
import type { Platform } from "../../platform/platform.ts";
import type { TrackingPanels } from "../panels/panels.ts";

/** Every action of the runs table as a command: the panel in front does it. */
export function registerTableCommands(platform: Platform, panels: TrackingPanels): vscode.Disposable[] {
  const act = (action: TableAction) => async () => panels.frontExperiment.act(action);
  return [
    registerCommand(platform, "flowdeck.tracking.filterRuns", act("filter")),
    registerCommand(platform, "flowdeck.tracking.clearRunFilter", act("clearFilter")),
    registerCommand(platform, "flowdeck.tracking.chooseColumns", act("chooseColumns")),
    registerCommand(platform, "flowdeck.tracking.showVaryingColumns", act("onlyVarying")),
    registerCommand(platform, "flowdeck.tracking.groupRuns", act("groupBy")),
    registerCommand(platform, "flowdeck.tracking.nestRuns", act("nest")),
    registerCommand(platform, "flowdeck.tracking.showDeletedRuns", act("showDeleted")),
    registerCommand(platform, "flowdeck.tracking.showHiddenRuns", act("showHidden")),
    registerCommand(platform, "flowdeck.tracking.checkAllRuns", act("checkAll")),
    registerCommand(platform, "flowdeck.tracking.uncheckAllRuns", act("uncheckAll")),
    registerCommand(platform, "flowdeck.tracking.renameCheckedRuns", act("renameRuns")),
    registerCommand(platform, "flowdeck.tracking.tagCheckedRuns", act("tagRuns")),
    registerCommand(platform, "flowdeck.tracking.deleteCheckedRuns", act("deleteRuns")),
    registerCommand(platform, "flowdeck.tracking.restoreCheckedRuns", act("restoreRuns")),
    registerCommand(platform, "flowdeck.tracking.copyCheckedRunIds", act("copyIds")),
    registerCommand(platform, "flowdeck.tracking.pinCheckedRuns", act("pin")),
    registerCommand(platform, "flowdeck.tracking.hideCheckedRuns", act("hide")),
    registerCommand(platform, "flowdeck.tracking.starCheckedRuns", act("star")),
    registerCommand(platform, "flowdeck.tracking.drawCheckedRuns", act("draw")),
    registerCommand(platform, "flowdeck.tracking.makeBaseline", act("baseline")),
    registerCommand(platform, "flowdeck.tracking.saveView", act("saveView")),
    registerCommand(platform, "flowdeck.tracking.openView", act("openView")),
    registerCommand(platform, "flowdeck.tracking.saveViewToRepository", act("saveViewToRepository")),
    registerCommand(platform, "flowdeck.tracking.exportRunsCsv", act("exportCsv")),
    registerCommand(platform, "flowdeck.tracking.exportRunsJson", act("exportJson")),
    registerCommand(platform, "flowdeck.tracking.copySearchRuns", act("copySearchRuns")),
    registerCommand(platform, "flowdeck.tracking.copyPandas", act("copyPandas")),
    registerCommand(platform, "flowdeck.tracking.showTableKeys", act("showKeys")),
  ];
}
