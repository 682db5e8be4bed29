import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { readGitPlace } from "../../projects/git.ts";
import { latestCommits, listVersions } from "../../projects/gitVersions.ts";
import type { RunRequest } from "../../projects/request.ts";
import { fetchProject } from "../../projects/sources.ts";
import type { RunArguments } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import { withProgress } from "../platform/progress.ts";
import { choose } from "./choose.ts";
import type { ProjectParts } from "./commands.ts";
import { requestPart } from "./formState.ts";
import { askVersion } from "./gitQuestions.ts";
import { askKeptForm } from "./keptForm.ts";
import { readProjectIn } from "./projectFiles.ts";
import { checkTrusted } from "./starting.ts";
import { checkRun, prepareRun } from "./startRun.ts";

/** Another version of a project of the workspace, in a worktree: neither its files nor what is checked out changes. */
export async function runVersion(
  platform: Platform,
  parts: ProjectParts,
  ...[target, name, values]: RunArguments
): Promise<void> {
  checkTrusted();
  const here = await choose(parts.files, target, name);
  if (here === undefined) return;
  const { folder, file } = here.project;
  const { root } = await readGitPlace(folder);
  if (root === undefined) {
    const message = `${here.project.name} is in no git repository, so there is one version of it only.`;
    throw new MlflowError("INVALID_STATE", message);
  }
  const versions = await withProgress("Flowdeck: asking git for the versions…", (stop) => listVersions(root, stop));
  const asked = await askVersion({ versions, commits: await latestCommits(folder, 30) });
  if (asked?.version === undefined) return;
  const { version } = asked;
  const uri = vscode.Uri.file(folder).toString();
  const source = await withProgress(`Flowdeck: looking at ${version}…`, (stop) =>
    fetchProject({ uri, version, folder, stop, quiet: true, say: () => undefined }),
  );
  try {
    const project = await readProjectIn(source.folder);
    if (project === undefined) {
      throw new MlflowError(
        "RESOURCE_DOES_NOT_EXIST",
        `${version} has no MLproject in this folder; choose another one.`,
      );
    }
    const there = project.document.entryPoints.some((one) => one.name === here.entryPoint.name);
    const same = { uri: project.file.toString(), entry_point: here.entryPoint.name };
    const chosen = await choose(parts.files, there ? same : project.file, undefined);
    if (chosen === undefined) return;
    // Its form is that of the project: presets, last values and the best run's are the same.
    const form = await askKeptForm(platform, parts, {
      chosen,
      values,
      key: file.toString(),
      elsewhere: { folder, home: file, title: short(version) },
    });
    if (form === undefined) return;
    await checkRun(chosen, form, folder);
    const start = await prepareRun(parts, chosen, form, file);
    const request: RunRequest = {
      ...start.request,
      ...requestPart(form),
      projectFolder: folder,
      version,
      entry_point: chosen.entryPoint.name,
    };
    await parts.runs.start(request, { uri: start.uri, name: `${chosen.entryPoint.name} at ${short(version)}`, folder });
  } finally {
    await source.remove();
  }
}

/** A commit is long. */
export function short(version: string): string {
  return /^[0-9a-f]{40}$/i.test(version) ? version.slice(0, 8) : version;
}
