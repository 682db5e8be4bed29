import { dirname, relative, resolve } from "node:path";
import * as vscode from "vscode";
import type { Parameter } from "../../projects/document.ts";
import { readLastRuns } from "../language/lastRun.ts";
import type { Platform } from "../platform/platform.ts";
import type { FormSources } from "./formSubject.ts";
import { choicesOfType, parameterText } from "./parameterValues.ts";
import type { ProjectFiles } from "./projectFiles.ts";
import type { Chosen } from "./choose.ts";
import { jsonValue, taskCursor, type TaskCursor } from "./taskCursor.ts";

const FILES: vscode.DocumentFilter[] = ["tasks", "flowdeck-presets"].map((name) => ({
  scheme: "file",
  pattern: `**/.vscode/${name}.json`,
}));

type Sources = FormSources & { files: ProjectFiles };

/** Completes entry points, parameters and their values in `tasks.json` and in the file of presets. */
export function registerTaskCompletion(platform: Platform, sources: Sources): vscode.Disposable {
  return vscode.languages.registerCompletionItemProvider(
    FILES,
    {
      async provideCompletionItems(document, position) {
        const cursor = taskCursor(document.getText(), document.offsetAt(position));
        if (cursor === undefined) return [];
        const { start, end } = cursor.range;
        const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
        // A file that is typed in is no place for a notification.
        return itemsFor(sources, document.uri, cursor, range).catch((error: unknown) => {
          platform.log.warn(`Completion in ${document.uri.fsPath}: ${String(error)}`);
          return [];
        });
      },
    },
    '"',
    ":",
  );
}

async function itemsFor(
  sources: Sources,
  file: vscode.Uri,
  cursor: TaskCursor,
  range: vscode.Range,
): Promise<vscode.CompletionItem[]> {
  const root = vscode.workspace.getWorkspaceFolder(file)?.uri.fsPath ?? dirname(dirname(file.fsPath));
  const projects = await sources.files.all();
  if (cursor.wanted === "project") {
    return projects.map(({ folder, name }) => {
      const place = relative(root, folder) || ".";
      return itemOf({ label: place, text: JSON.stringify(place), detail: name, range });
    });
  }
  const folder = resolve(root, cursor.project);
  const project = projects.find((one) => one.folder === folder);
  if (project === undefined) return [];
  const { entryPoints } = project.document;
  if (cursor.wanted === "entryPoint") {
    return entryPoints.map(({ name, parameters }) =>
      itemOf({ label: name, text: JSON.stringify(name), detail: parameters.map((one) => one.name).join(", "), range }),
    );
  }
  const entryPoint = entryPoints.find(({ name }) => name === cursor.entryPoint);
  if (entryPoint === undefined) return [];
  if (cursor.wanted === "parameterName") {
    return entryPoint.parameters
      .filter(({ name }) => !cursor.present.includes(name))
      .map((parameter) => nameItem(parameter, cursor, range));
  }
  const parameter = entryPoint.parameters.find(({ name }) => name === cursor.parameter);
  return parameter === undefined ? [] : valueItems(sources, { project, entryPoint }, parameter, range);
}

function nameItem(parameter: Parameter, { hasValue }: TaskCursor, range: vscode.Range): vscode.CompletionItem {
  const { name, description } = parameter;
  const key = JSON.stringify(name);
  const item = itemOf({ label: name, text: key, detail: parameterText(parameter, undefined), range });
  item.kind = vscode.CompletionItemKind.Property;
  if (description) item.documentation = description;
  if (hasValue) return item;
  const value = jsonValue(parameter, parameter.default ?? "");
  item.insertText = new vscode.SnippetString().appendText(`${key}: `).appendPlaceholder(value);
  return item;
}

/** Choices, the default, and what earlier runs had, the latest first. */
async function valueItems(
  { stores, language }: FormSources,
  { project, entryPoint }: Chosen,
  parameter: Parameter,
  range: vscode.Range,
): Promise<vscode.CompletionItem[]> {
  const asked = { uri: project.file.toString(), entry_point: entryPoint.name };
  const [choices, [last]] = await Promise.all([
    language.parameterChoices(asked).catch(() => ({}) as Record<string, string[]>),
    readLastRuns(stores, { uri: asked.uri, entry_points: [entryPoint.name] }),
  ]);
  const known = choices[parameter.name] ?? choicesOfType(parameter) ?? [];
  const before = (last?.latest ?? []).flatMap(({ run_name, params }) =>
    params.flatMap(({ key, value }) => (key === parameter.name ? [{ value, from: `of ${run_name}` }] : [])),
  );
  const offered = new Map<string, string>();
  const offer = (value: string, from: string) => offered.set(value, offered.get(value) ?? from);
  if (parameter.default !== undefined) offer(parameter.default, "default");
  for (const choice of known) offer(choice, "a choice of the script");
  for (const { value, from } of before) offer(value, from);
  return [...offered].map(([value, detail], index) => {
    const item = itemOf({ label: value === "" ? '""' : value, text: jsonValue(parameter, value), detail, range });
    item.kind = vscode.CompletionItemKind.Value;
    item.sortText = String(index).padStart(3, "0");
    return item;
  });
}

interface ItemOf {
  label: string;
  text: string;
  detail: string;
  range: vscode.Range;
}

function itemOf({ label, text, detail, range }: ItemOf): vscode.CompletionItem {
  const item = new vscode.CompletionItem(label, vscode.CompletionItemKind.EnumMember);
  item.insertText = text;
  item.detail = detail;
  item.range = range;
  // What is replaced begins with a quote.
  item.filterText = JSON.stringify(label);
  return item;
}
