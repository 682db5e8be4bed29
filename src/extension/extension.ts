import type * as vscode from "vscode";
import type { Run } from "../mlflow/entities.ts";
import { registerCreateProject } from "./language/createProject.ts";
import { MlprojectLanguage } from "./language/mlprojectLanguage.ts";
import { Models } from "./models/models.ts";
import { registerCommand } from "./platform/commands.ts";
import { Disposable } from "./platform/disposable.ts";
import { Measure } from "./platform/measure.ts";
import { createPlatform, type Platform } from "./platform/platform.ts";
import { whenTrusted } from "./platform/trust.ts";
import { registerProjectCommands } from "./projects/commands.ts";
import { ProjectFiles } from "./projects/projectFiles.ts";
import { ProjectRuns } from "./projects/projectRuns.ts";
import { ProjectsTree } from "./projects/tree.ts";
import { registerProjectViewCommands } from "./projects/view/commands.ts";
import { pickStoppable } from "./projects/view/pick.ts";
import { LatestRuns } from "./projects/view/latestRuns.ts";
import { WorkflowFiles } from "./projects/view/workflowFiles.ts";
import { Servers } from "./server/servers.ts";
import { ScoringServers } from "./serving/scoringServers.ts";
import { Serving } from "./serving/serving.ts";
import { registerStoreCommands } from "./stores/commands.ts";
import { Stores } from "./stores/stores.ts";
import { ArtifactFiles } from "./tracking/artifacts/artifactFiles.ts";
import { Baselines } from "./tracking/baselines.ts";
import { DiffDocuments } from "./tracking/compare/diffDocuments.ts";
import { registerCompareCommands } from "./tracking/compareCommands.ts";
import { registerChartCommands } from "./tracking/chartCommands.ts";
import { ExperimentsView } from "./tracking/experimentsView.ts";
import { registerTerminalLinks, registerUriHandler } from "./tracking/links.ts";
import { ComparePanels } from "./tracking/panels/comparePanels.ts";
import { registerTableCommands } from "./tracking/table/commands.ts";
import { TrackingPanels } from "./tracking/panels/panels.ts";
import { NoteFiles } from "./tracking/notes/noteFiles.ts";
import { registerRunCommands } from "./tracking/runCommands.ts";
import { registerRunSourceCommands } from "./tracking/runSourceCommands.ts";
import { registerSourceDocuments } from "./tracking/source.ts";
import { registerMarkEnded } from "./tracking/markEnded.ts";
import { type Runners, StuckRuns } from "./tracking/stuckRuns.ts";
import { registerWorkflowCommands } from "./workflows/commands.ts";
import { WorkflowPanels } from "./workflows/panels.ts";

/** Everything that lives as long as the window, in the order in which it is built; it dies in reverse. */
class Flowdeck extends Disposable {
  constructor(platform: Platform, measure: Measure) {
    super();
    this.own(measure);
    const stores = this.own(new Stores(platform));
    const baselines = this.own(new Baselines(platform));
    const isOurs = (run: Run): Promise<boolean> => runs.isOurs(run);
    const runners = (): Promise<Runners> => runs.runners();
    const stuck = this.own(new StuckRuns(platform, stores, runners));
    const panels = this.own(new TrackingPanels(platform, stores, { baselines, isOurs, stuck }));
    const workflows = this.own(new WorkflowPanels(stores, { platform, isOurs, stuck }));
    const comparisons = this.own(new ComparePanels(platform, stores));
    this.own(new DiffDocuments(stores));
    this.own(new ArtifactFiles(stores));
    this.own(new NoteFiles(stores));
    this.own(registerSourceDocuments());
    const files = this.own(new ProjectFiles(platform));
    const servers = this.own(new Servers(platform, stores, (folder) => files.has(folder)));
    this.own(files.onChange(() => servers.review()));

    const { tree } = this.own(new ExperimentsView(platform, { stores, panels, stuck, measure }));
    this.own(new Models(platform, stores));
    const language = this.own(new MlprojectLanguage(platform, stores, files));
    const runs = this.own(new ProjectRuns(platform, (uri, run_id) => tree.reveal(uri, run_id)));
    const workflowFiles = this.own(new WorkflowFiles(platform));
    const latest = this.own(new LatestRuns(platform, { files, workflows: workflowFiles, stores, stuck, runs }));
    const projects = this.own(new ProjectsTree(platform, { files, workflows: workflowFiles, latest }));

    const scoring = this.own(new ScoringServers(platform, stores));
    this.own(new Serving({ platform, stores, servers, scoring }));

    for (const registered of [
      ...registerTableCommands(platform, panels),
      ...registerRunCommands(platform, {
        ...{ stores, panels, baselines, stop: (run: Run) => runs.stop(run) },
        pickStoppable: () => pickStoppable(latest),
      }),
      registerMarkEnded(platform, { stores, panels, stuck }),
      ...registerRunSourceCommands(platform, stores, panels),
      ...registerCompareCommands(platform, { stores, panels: comparisons, checkedRuns: () => tree.checkedRuns }),
      ...registerChartCommands(platform, panels),
      ...registerStoreCommands(platform, stores, servers),
      ...registerProjectCommands(platform, {
        files,
        workflows: workflowFiles,
        latest,
        runs,
        stores,
        servers,
        language,
      }),
      ...registerWorkflowCommands(platform, { stores, panels: workflows, activeRun: () => panels.activeTarget }),
      ...registerProjectViewCommands(platform, { stores, latest, runs, tree: projects }),
      registerCreateProject(platform, (params) => language.createProject(params)),
      registerTerminalLinks(platform, stores, servers),
      registerUriHandler(platform, stores),
      registerCommand(platform, "flowdeck.platform.showLog", async () => platform.log.show()),
      registerCommand(platform, "flowdeck.platform.measure", async () => measure.read()),
    ]) {
      this.own(registered);
    }
    this.own(whenTrusted(() => platform.background("closing abandoned runs", runs.closeAbandoned(stores, servers))));
    platform.background("looking for stores", stores.all());
  }
}

export function activate(context: vscode.ExtensionContext): void {
  const measure = new Measure();
  context.subscriptions.push(new Flowdeck(createPlatform(context), measure));
  measure.activated();
}
