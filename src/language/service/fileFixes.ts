// Quick fixes that make or rename files.
import type { CodeAction, WorkspaceEdit } from "vscode-languageserver";
import { CodeActionKind } from "vscode-languageserver";
import type { MlprojectDocument, Problem } from "../../projects/document.ts";
import { newScript } from "./newScript.ts";
import { joinPath, scriptCalls } from "./scriptCall.ts";
import { diagnosticOf } from "./validation.ts";
import type { Workspace } from "./workspace.ts";

/** What making or renaming a file does away with a problem. */
export function fileFixes(document: MlprojectDocument, problem: Problem, workspace: Workspace): CodeAction[] {
  const fix = (title: string, edit: WorkspaceEdit): CodeAction[] => [
    { title, kind: CodeActionKind.QuickFix, diagnostics: [diagnosticOf(document, problem)], edit },
  ];
  switch (problem.code) {
    case "script-missing": {
      const found = missingScript(document, problem);
      return found === undefined ? [] : fix(`Create ${found.path}`, newFile(workspace.uriOf(found.path), found.text));
    }
    case "environment-file-missing": {
      const { environment } = document;
      if (environment?.path === undefined || !/\.ya?ml$/.test(environment.path)) return [];
      const text = environmentText(environment.kind === "conda" ? "conda_env" : "python_env", workspace);
      return fix(`Create ${environment.path}`, newFile(workspace.uriOf(environment.path), text));
    }
    case "file-name": {
      if (problem.severity !== "error") return [];
      const [oldUri, newUri] = [workspace.uriOf(workspace.fileName), workspace.uriOf("MLproject")];
      return fix("Rename to MLproject", { documentChanges: [{ kind: "rename", oldUri, newUri }] });
    }
    default:
      return [];
  }
}

/** A file with that text; one that is there is left alone. */
export function newFile(uri: string, text: string): WorkspaceEdit {
  const start = { line: 0, character: 0 };
  return {
    documentChanges: [
      { kind: "create", uri, options: { ignoreIfExists: true } },
      { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: text }] },
    ],
  };
}

function missingScript(document: MlprojectDocument, problem: Problem): { path: string; text: string } | undefined {
  for (const entryPoint of document.entryPoints) {
    const call = scriptCalls(document, entryPoint).find(({ range }) => range.start === problem.range.start);
    if (call?.folder !== undefined)
      return { path: joinPath(call.folder, call.name), text: newScript(entryPoint, call) };
  }
  return undefined;
}

/** An environment file to begin with. */
export function environmentText(kind: "conda_env" | "python_env", workspace: Workspace): string {
  const requirement = workspace.exists("requirements.txt") ? "-r requirements.txt" : "mlflow";
  return kind === "conda_env"
    ? `channels:\n  - conda-forge\ndependencies:\n  - python=3.11\n  - pip\n  - pip:\n      - ${requirement}\n`
    : `python: "3.11"\ndependencies:\n  - ${requirement}\n`;
}
