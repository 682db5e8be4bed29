import type * as vscode from "vscode";
import type { ChartAction } from "../../protocol/panels/experiment.ts";
import { registerCommand } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import type { TrackingPanels } from "./panels/panels.ts";

/** What can be done with a chart, as commands: the panel in front does it with the chart that has, or last had, the focus. */
export function registerChartCommands(platform: Platform, panels: TrackingPanels): vscode.Disposable[] {
  const act = (action: ChartAction) => async () => panels.frontExperiment.actOnChart(action);
  return [
    registerCommand(platform, "flowdeck.tracking.addChart", act("add")),
    registerCommand(platform, "flowdeck.tracking.editChart", act("edit")),
    registerCommand(platform, "flowdeck.tracking.removeChart", act("remove")),
    registerCommand(platform, "flowdeck.tracking.restoreCharts", act("restore")),
    registerCommand(platform, "flowdeck.tracking.chartFullSize", act("fullSize")),
    registerCommand(platform, "flowdeck.tracking.resetChartZoom", act("resetZoom")),
    registerCommand(platform, "flowdeck.tracking.chartLogX", act("logX")),
    registerCommand(platform, "flowdeck.tracking.chartLogY", act("logY")),
    registerCommand(platform, "flowdeck.tracking.chartIgnoreOutliers", act("clip")),
    registerCommand(platform, "flowdeck.tracking.moveChartBefore", act("before")),
    registerCommand(platform, "flowdeck.tracking.moveChartAfter", act("after")),
    registerCommand(platform, "flowdeck.tracking.showChartAsTable", act("table")),
    registerCommand(platform, "flowdeck.tracking.exportChartPng", act("png")),
    registerCommand(platform, "flowdeck.tracking.exportChartSvg", act("svg")),
    registerCommand(platform, "flowdeck.tracking.exportChartCsv", act("csv")),
    registerCommand(platform, "flowdeck.tracking.clearBrush", act("clearBrush")),
  ];
}
