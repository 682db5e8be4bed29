import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import * as vscode from "vscode";
import { RUN_TAG, tagOf, type Run } from "../../mlflow/entities.ts";
import { coalesce } from "../platform/coalesce.ts";
import { registerCommand } from "../platform/commands.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import type { Project, ProjectFiles } from "./projectFiles.ts";
import { itemOf, signatureOf } from "./view/items.ts";
import type { KnownRuns, LatestRuns } from "./view/latestRuns.ts";
import type { EntryPointRow, ProjectRow, ProjectsRow, RecentRow, RunRow, WorkflowRow } from "./view/rows.ts";
import { startOf } from "./view/runList.ts";
import { changedParams, pointStatus } from "./view/runTexts.ts";
import type { WorkflowFile, WorkflowFiles } from "./view/workflowFiles.ts";

/** Recent runs of a project that are listed. */
const RECENT = 10;
/** How often durations and ages are looked at (ms). */
const TICK = 5_000;
const ROOT = "";

export interface ProjectsTreeParts {
  files: ProjectFiles;
  workflows: WorkflowFiles;
  latest: LatestRuns;
}

/** The Projects view: every MLproject of the workspace → entry points → parameters, its workflows, its recent runs; live. */
export class ProjectsTree extends Disposable implements vscode.TreeDataProvider<ProjectsRow> {
  readonly #parts: ProjectsTreeParts;
  readonly #fired = this.own(new vscode.EventEmitter<ProjectsRow | undefined>());
  /** By id: a row stays the same object, so that VS Code and commands have what is known of it last. */
  readonly #rows = new Map<string, ProjectsRow>();
  /** By id of a row that was unfolded: the ids that stand below it. */
  readonly #listed = new Map<string, string>();
  /** By id: how a row was drawn. */
  readonly #drawn = new Map<string, string>();
  /** Runs that are shown though they are no longer among the recent ones. */
  readonly #pinned = new Set<string>();
  /** The files as they were read last. */
  #found: Promise<[Project[], WorkflowFile[]]> | undefined;
  readonly view: vscode.TreeView<ProjectsRow>;

  readonly onDidChangeTreeData = this.#fired.event;

  constructor(platform: Platform, parts: ProjectsTreeParts) {
    super();
    this.#parts = parts;
    const draw = this.own(coalesce(platform, "Projects view", 100, () => this.#drawAgain()));
    const again = (): void => {
      this.#found = undefined;
      draw.request();
    };
    this.own(parts.files.onChange(again));
    this.own(parts.workflows.onChange(again));
    this.own(parts.latest.onChange(() => draw.request()));
    this.view = this.own(vscode.window.createTreeView("flowdeck.projects", { treeDataProvider: this }));
    platform.rowViews.push(this.view);
    this.own(this.view.onDidChangeVisibility(() => draw.request()));
    const ticks = setInterval(() => this.view.visible && draw.request(), TICK);
    this.own({ dispose: () => clearInterval(ticks) });
    this.own(
      registerCommand(platform, "flowdeck.projects.refresh", async () => {
        this.#found = undefined;
        this.#fired.fire(undefined);
      }),
    );
  }

  getTreeItem(row: ProjectsRow): vscode.TreeItem {
    const item = itemOf(row, Date.now());
    this.#drawn.set(row.id, signatureOf(item));
    return item;
  }

  getParent(row: ProjectsRow): ProjectsRow | undefined {
    return row.parent;
  }

  async getChildren(row?: ProjectsRow): Promise<ProjectsRow[]> {
    const rows = await this.#childrenOf(row);
    this.#listed.set(row?.id ?? ROOT, idsOf(rows));
    return rows;
  }

  /** Selects the row of a run and unfolds it, be it an old one; false when its project is not in this window. */
  async revealRun(uri: string, run: Run): Promise<boolean> {
    this.#pinned.add(run.info.run_id);
    this.#fired.fire(undefined);
    const find = async (row?: ProjectsRow): Promise<ProjectsRow | undefined> => {
      for (const child of await this.getChildren(row)) {
        if (child.kind === "run" && child.uri === uri && child.run_id === run.info.run_id) return child;
        const below = child.kind === "project" || child.kind === "recent" ? await find(child) : undefined;
        if (below !== undefined) return below;
      }
      return undefined;
    };
    const row = await find();
    if (row !== undefined) await this.view.reveal(row, { select: true, focus: true, expand: true });
    return row !== undefined;
  }

  async #childrenOf(row: ProjectsRow | undefined): Promise<ProjectsRow[]> {
    if (row === undefined) return this.#roots();
    switch (row.kind) {
      case "project":
        return this.#inProject(row);
      case "entryPoint":
        return row.entryPoint.parameters.map((parameter) => {
          const { uri, entry_point } = row;
          const id = `${row.id}#${parameter.name}`;
          return this.#row({ kind: "parameter", id, parent: row, uri, entry_point, parameter });
        });
      case "recent":
        return this.#recentRuns(row);
      case "run":
        return this.#queueOf(row);
      case "parameter":
      case "workflow":
      case "point":
        return [];
      default:
        return row satisfies never;
    }
  }

  async #roots(): Promise<ProjectsRow[]> {
    const [projects, workflows] = await this.#files();
    const rows = projects.map((project) => this.#project(project));
    const alone = workflows.filter(({ file }) => ownerOf(file, projects) === undefined);
    const [only, ...others] = rows;
    const recent = only === undefined || others.length > 0 ? [] : await this.#recentOf(only, undefined);
    return [...rows, ...(await Promise.all(alone.map((workflow) => this.#workflow(workflow, undefined)))), ...recent];
  }

  #files(): Promise<[Project[], WorkflowFile[]]> {
    this.#found ??= Promise.all([this.#parts.files.all(), this.#parts.workflows.all()]);
    return this.#found;
  }

  #project(project: Project): ProjectRow {
    const uri = project.file.toString();
    return this.#row({ kind: "project", id: uri, uri, project });
  }

  async #inProject(row: ProjectRow): Promise<ProjectsRow[]> {
    const { uri, project } = row;
    const entryPoints = project.document.entryPoints.map((entryPoint): EntryPointRow => {
      const { name } = entryPoint;
      return this.#row({ kind: "entryPoint", id: `${uri}#${name}`, parent: row, uri, entry_point: name, entryPoint });
    });
    const [projects, all] = await this.#files();
    const own = all.filter(({ file }) => ownerOf(file, projects)?.file.toString() === uri);
    const workflows = await Promise.all(own.map((workflow) => this.#workflow(workflow, row)));
    return [...entryPoints, ...workflows, ...(projects.length > 1 ? await this.#recentOf(row, row) : [])];
  }

  async #workflow(workflow: WorkflowFile, parent: ProjectRow | undefined): Promise<WorkflowRow> {
    const { file } = workflow;
    const known = await this.#parts.latest.of(file);
    const run = known && this.#parts.latest.workflowRun(known, await names(file.fsPath));
    const shown = known !== undefined && run !== undefined ? this.#parts.latest.shown(known, run) : undefined;
    return this.#row({
      kind: "workflow",
      id: file.toString(),
      parent,
      file,
      workflow,
      ...(known === undefined ? {} : { uri: known.store.uri }),
      run_id: run?.info.run_id ?? "",
      latest: shown,
      stoppable: shown !== undefined && this.#parts.latest.isStoppable(shown),
    });
  }

  async #recentOf({ uri, project }: ProjectRow, parent: ProjectRow | undefined): Promise<RecentRow[]> {
    const row = this.#row<RecentRow>({ kind: "recent", id: `${uri} recent`, parent, project });
    const [, runs] = await this.#runsOf(row);
    return runs.length === 0 ? [] : [row];
  }

  /** The runs of a project, latest first, and where they are. */
  async #runsOf({ project }: RecentRow): Promise<[KnownRuns | undefined, Run[]]> {
    const known = await this.#parts.latest.of(project.file);
    return [known, known === undefined ? [] : this.#parts.latest.runsOf(known, await names(project.folder))];
  }

  async #recentRuns(row: RecentRow): Promise<RunRow[]> {
    const [known, all] = await this.#runsOf(row);
    if (known === undefined) return [];
    const { latest } = this.#parts;
    const entryPointOf = (run: Run) => tagOf(run, RUN_TAG.projectEntryPoint);
    const byEntryPoint = Map.groupBy(all, entryPointOf);
    const shown = all.filter((run, index) => index < RECENT || this.#pinned.has(run.info.run_id));
    return shown
      .toSorted((a, b) => startOf(b) - startOf(a))
      .map((run): RunRow => {
        const name = entryPointOf(run);
        const entryPoint = row.project.document.entryPoints.find((one) => one.name === name);
        const others = (byEntryPoint.get(name) ?? []).slice(0, RECENT);
        const one = latest.shown(known, run, changedParams(run, others, entryPoint));
        const { run_id } = run.info;
        const stoppable = latest.isStoppable(one);
        const id = `${row.id} ${run_id}`;
        return this.#row({ kind: "run", id, parent: row, uri: known.store.uri, run_id, shown: one, stoppable });
      });
  }

  async #queueOf(row: RunRow): Promise<ProjectsRow[]> {
    const { latest } = this.#parts;
    const known = await latest.of(row.parent.project.file);
    if (known === undefined || row.shown.sweep === undefined) return [];
    await known.list.readBelow(row.shown.run);
    const { sweep, run } = latest.shown(known, row.shown.run);
    const isOver = run.info.status !== "RUNNING" || row.shown.since !== undefined;
    return (sweep?.queue ?? []).map((entry) =>
      this.#row({
        kind: "point",
        id: `${row.id} ${entry.index}`,
        parent: row,
        uri: row.uri,
        run_id: entry.run?.info.run_id ?? "",
        entry,
        status: pointStatus(entry, isOver),
      }),
    );
  }

  #row<Row extends ProjectsRow>(row: Row): Row {
    const known = this.#rows.get(row.id);
    // The border: an id tells its kind.
    if (known !== undefined) return Object.assign(known, row) as Row;
    this.#rows.set(row.id, row);
    return row;
  }

  /** Draws again what looks or stands otherwise, and no more: VS Code knows none of the rows below for as long as it reads them. */
  async #drawAgain(): Promise<void> {
    if (!this.view.visible || !this.#listed.has(ROOT)) return;
    const listed = new Set<string>();
    const walk = async (row: ProjectsRow | undefined): Promise<void> => {
      const id = row?.id ?? ROOT;
      const before = this.#listed.get(id);
      // What was never unfolded is read when it is.
      if (before === undefined) return;
      listed.add(id);
      const children = await this.#childrenOf(row);
      if (idsOf(children) !== before) {
        this.#listed.set(id, idsOf(children));
        this.#fired.fire(row);
      } else {
        for (const child of children) this.#drawIfChanged(child);
      }
      for (const child of children) await walk(child);
    };
    await walk(undefined);
    for (const id of this.#listed.keys()) if (!listed.has(id)) this.#listed.delete(id);
  }

  #drawIfChanged(row: ProjectsRow): void {
    const before = this.#drawn.get(row.id);
    if (before === undefined) return;
    const signature = signatureOf(itemOf(row, Date.now()));
    if (signature === before) return;
    this.#drawn.set(row.id, signature);
    this.#fired.fire(row);
  }
}

/** The project that a file belongs to: the one in the nearest folder around it. */
function ownerOf(file: vscode.Uri, projects: readonly Project[]): Project | undefined {
  return projects
    .filter(({ folder }) => file.fsPath.startsWith(join(folder, sep)))
    .toSorted((a, b) => b.folder.length - a.folder.length)[0];
}

/** A path, and what it is when links are followed: runs of a git repository tell the latter. */
async function names(path: string): Promise<string[]> {
  const real = await realpath(path).catch(() => path);
  return real === path ? [path] : [path, real];
}

function idsOf(rows: readonly ProjectsRow[]): string {
  return JSON.stringify(rows.map(({ id }) => id));
}
