// Files that a checker must refuse, each beside one that it must let pass. Every row is one rule of STYLE or ARCHITECTURE.

export interface PlantedFault {
  /** What the rule keeps out. */
  behaviour: string;
  /** The lint rule that must say so. */
  rule: string;
  path: string;
  bad: string;
  /** A twin that passes; absent where any other file of the table is proof enough. */
  good?: string;
}

const IMPORTS = "no-restricted-imports";
const WORK = "declare function work(): Promise<void>;\n";

export const PLANTED_FAULTS: PlantedFault[] = [
  {
    behaviour: "vscode is imported outside src/extension",
    rule: IMPORTS,
    path: "src/store/vscodeUser.ts",
    bad: 'import { version } from "vscode";\nexport const used = version;\n',
  },
  {
    behaviour: "node: modules are imported in mlflow",
    rule: IMPORTS,
    path: "src/mlflow/reader.ts",
    bad: 'import { readFileSync } from "node:fs";\nexport const used = readFileSync;\n',
  },
  {
    behaviour: "node: modules are imported in protocol",
    rule: IMPORTS,
    path: "src/protocol/reader.ts",
    bad: 'import { readFileSync } from "node:fs";\nexport const used = readFileSync;\n',
    good: 'import type { A } from "../mlflow/start.ts";\nexport type Used = A;\n',
  },
  {
    behaviour: "node: modules are imported in webview",
    rule: IMPORTS,
    path: "src/webview/panels/run/reader.ts",
    bad: 'import { readFileSync } from "node:fs";\nexport const used = readFileSync;\n',
    good: 'import { signal } from "@preact/signals";\nexport const used = signal(1);\n',
  },
  {
    behaviour: "better-sqlite3 is imported outside store/sqlite",
    rule: IMPORTS,
    path: "src/server/database.ts",
    bad: 'import Database from "better-sqlite3";\nexport const used = new Database("x").open;\n',
  },
  {
    behaviour: "node:sqlite is imported outside store/sqlite",
    rule: IMPORTS,
    path: "src/store/files/database.ts",
    bad: 'import { DatabaseSync } from "node:sqlite";\nexport const used = DatabaseSync;\n',
    good: 'import { readFileSync } from "node:fs";\nexport const used = readFileSync;\n',
  },
  {
    behaviour: "the toolkit is imported outside ui/toolkit.ts",
    rule: IMPORTS,
    path: "src/webview/ui/button.tsx",
    bad: 'import { Button } from "@vscode/webview-ui-toolkit";\nexport const used = Button;\n',
  },
  {
    behaviour: "chart.js is imported outside ui/chart",
    rule: IMPORTS,
    path: "src/webview/panels/run/chart.ts",
    bad: 'import { Chart } from "chart.js";\nexport const used = Chart;\n',
  },
  {
    behaviour: "a reader of a file format is imported outside ui/viewers",
    rule: IMPORTS,
    path: "src/webview/panels/run/pdf.ts",
    bad: 'import { getDocument } from "pdfjs-dist";\nexport const used = getDocument;\n',
  },
  {
    behaviour: "webview imports a value of mlflow",
    rule: IMPORTS,
    path: "src/webview/panels/run/values.ts",
    bad: 'import { a } from "../../../mlflow/start.ts";\nexport const used = a;\n',
    good: 'import type { A } from "../../../mlflow/start.ts";\nexport type Used = A;\n',
  },
  {
    behaviour: "webview imports a value of mlflow that is neither its filter nor its signature",
    rule: IMPORTS,
    path: "src/webview/panels/run/signed.ts",
    bad: 'import { a } from "../../../mlflow/settings.ts";\nexport const used = a;\n',
    good: 'import { a } from "../../../mlflow/signature/start.ts";\nexport const used = a;\n',
  },
  {
    behaviour: "processes imports another room",
    rule: IMPORTS,
    path: "src/processes/words.ts",
    bad: 'import { a } from "../mlflow/start.ts";\nexport const used = a;\n',
    good: 'import { spawn } from "node:child_process";\nexport const used = spawn;\n',
  },
  {
    behaviour: "server imports processes",
    rule: IMPORTS,
    path: "src/server/programs.ts",
    bad: 'import { a } from "../processes/start.ts";\nexport const used = a;\n',
  },
  {
    behaviour: "projects imports the inside of store",
    rule: IMPORTS,
    path: "src/projects/inside.ts",
    bad: 'import { a } from "../store/sqlite/start.ts";\nexport const used = a;\n',
    good: 'import type { A } from "../store/trackingStore.ts";\nexport type Used = A;\n',
  },
  {
    behaviour: "projects opens a store outside its entry file",
    rule: IMPORTS,
    path: "src/projects/opens.ts",
    bad: 'import { open } from "../store/open.ts";\nexport const used = open;\n',
  },
  {
    behaviour: "yaml is imported by a file that reads no MLproject",
    rule: IMPORTS,
    path: "src/projects/commandLine.ts",
    bad: 'import { parse } from "yaml";\nexport const used = parse;\n',
  },
  {
    behaviour: "extension imports server",
    rule: IMPORTS,
    path: "src/extension/tracking/panels/server.ts",
    bad: 'import { a } from "../../../server/start.ts";\nexport const used = a;\n',
    good: 'import { a } from "../../server/own.ts";\nexport const used = a;\n',
  },
  {
    behaviour: "the language service reads the disk",
    rule: IMPORTS,
    path: "src/language/service/reader.ts",
    bad: 'import { readFileSync } from "node:fs";\nexport const used = readFileSync;\n',
  },
  {
    behaviour: "the reader of scripts reads the disk",
    rule: IMPORTS,
    path: "src/language/python/disk.ts",
    bad: 'import { readFileSync } from "node:fs";\nexport const used = readFileSync;\n',
    good: 'import { join } from "node:path";\nexport const used = join;\n',
  },
  {
    behaviour: "store imports server",
    rule: IMPORTS,
    path: "src/store/upwards.ts",
    bad: 'import { a } from "../server/start.ts";\nexport const used = a;\n',
  },
  {
    behaviour: "a relative import has no ending",
    rule: IMPORTS,
    path: "src/webview/panels/run/ending.ts",
    bad: 'import { used as other } from "./reader";\nexport const used = other;\n',
    good: 'import { used as other } from "./reader.ts";\nexport const used = other;\n',
  },
  {
    behaviour: "a file has more than 400 lines",
    rule: "max-lines",
    path: "src/server/long.ts",
    bad: lines(401),
    good: lines(400),
  },
  {
    behaviour: "a default export",
    rule: "no-default-export",
    path: "src/server/exported.ts",
    bad: "export default 1;\n",
  },
  {
    behaviour: "any",
    rule: "no-explicit-any",
    path: "src/server/loose.ts",
    bad: "export function loose(value: any): void {\n  value.do();\n}\n",
    good: "export function strict(value: unknown): boolean {\n  return value === 1;\n}\n",
  },
  {
    behaviour: "a promise nobody waits for",
    rule: "no-floating-promises",
    path: "src/server/floating.ts",
    bad: `${WORK}export function go(): void {\n  work();\n}\n`,
    good: `${WORK}export async function go(): Promise<void> {\n  await work();\n}\n`,
  },
  {
    behaviour: "a promise waved away with void",
    rule: "no-floating-promises",
    path: "src/server/waved.ts",
    bad: `${WORK}export function go(): void {\n  void work();\n}\n`,
  },
  {
    behaviour: "a thenable nobody waits for",
    rule: "no-floating-promises",
    path: "src/server/thenable.ts",
    bad: "declare function show(): PromiseLike<void>;\nexport function go(): void {\n  show();\n}\n",
  },
  {
    behaviour: "an async function where nobody takes its promise",
    rule: "no-misused-promises",
    path: "src/server/misused.ts",
    bad: `${WORK}export function go(): void {\n  [1].forEach(async () => {\n    await work();\n  });\n}\n`,
  },
  {
    behaviour: "await of what is no promise",
    rule: "await-thenable",
    path: "src/server/awaits.ts",
    bad: "export async function go(): Promise<number> {\n  return await 1;\n}\n",
  },
  {
    behaviour: "a type imported as a value",
    rule: "consistent-type-imports",
    path: "src/server/typeImport.ts",
    bad: 'import { A } from "../mlflow/start.ts";\nexport type Used = A;\n',
    good: 'import type { A } from "../mlflow/start.ts";\nexport type Used = A;\n',
  },
  {
    behaviour: "an import cycle",
    rule: "no-cycle",
    path: "src/server/cycle.ts",
    bad: 'import { b } from "./cycleEnd.ts";\nexport const a = (): unknown => b;\n',
  },
  {
    behaviour: "an empty catch",
    rule: "no-empty",
    path: "src/server/silent.ts",
    bad: "export function go(): void {\n  try {\n    JSON.parse(go.name);\n  } catch {}\n}\n",
  },
];

/** Files that planted ones need; they pass by themselves. */
export const GROUND: Record<string, string> = {
  "src/mlflow/start.ts": "export type A = number;\nexport const a: A = 1;\n",
  "src/mlflow/signature/start.ts": "export const a = 1;\n",
  "src/mlflow/settings.ts": "export const a = 1;\n",
  "src/protocol/start.ts": "export const a = 1;\n",
  "src/processes/start.ts": "export const a = 1;\n",
  "src/store/start.ts": "export const a = 1;\n",
  "src/store/open.ts": "export const open = 1;\n",
  "src/store/trackingStore.ts": "export type A = number;\n",
  "src/store/sqlite/start.ts": 'import Database from "better-sqlite3";\nexport const a = new Database("x").open;\n',
  "src/projects/runner.ts": 'import { open } from "../store/open.ts";\nexport const a = open;\n',
  "src/projects/mlproject.ts":
    'import { parse } from "yaml";\nexport const a = (text: string): unknown => parse(text);\n',
  "src/models/start.ts": "export const a = 1;\n",
  "src/server/start.ts": "export const a = 1;\n",
  "src/server/cycleEnd.ts": "export const b = 1;\n",
  "src/language/start.ts": "export const a = 1;\n",
  "src/extension/start.ts": 'import { version } from "vscode";\nexport const a = version;\n',
  "src/extension/server/own.ts": "export const a = 1;\n",
  "src/webview/ui/toolkit.ts": 'import { Button } from "@vscode/webview-ui-toolkit";\nexport const a = Button;\n',
  "src/webview/ui/chart/lines.ts": 'import { Chart } from "chart.js";\nexport const a = Chart;\n',
  "src/cli/start.ts": 'import { open } from "../store/open.ts";\nexport const a = open;\n',
  "test/mlflow/start.test.ts":
    'import { equal } from "node:assert/strict";\nimport { test } from "node:test";\nimport { a } from "../../src/mlflow/start.ts";\n\ntest("a is 1", () => equal(a, 1));\n',
  "bench/start.mjs": "export const a = 1;\n",
};

function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `export const line${index} = ${index};\n`).join("");
}
