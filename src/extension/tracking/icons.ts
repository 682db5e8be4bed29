import * as vscode from "vscode";
import type { PanelIcon } from "../panels/panel.ts";

/** The default palette (DESIGN.md, "Run palette"), as contributed in package.json: a tab's icon cannot follow the theme's colours. */
const DARK = "AC7FFE EB9E05 71EBAF C2475C 3BA9A2 D9A7EE 6274B7 DADB1E CB7426 99BE7C".split(" ");
const LIGHT = "5B2CDB A9661A 3C8759 A60558 03A496 9757C9 8474FD 779F0E 653500 555E04".split(" ");

/** The coloured dot of a run's tab. */
export function runTabIcon(ordinal: number): PanelIcon {
  const index = ordinal % DARK.length;
  return { dark: dot(DARK[index] ?? ""), light: dot(LIGHT[index] ?? "") };
}

function dot(colour: string): vscode.Uri {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="4.5" fill="#${colour}"/></svg>`;
  return vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`);
}

/** The flask of an experiment's tab. */
export function experimentTabIcon(extension: vscode.Uri): PanelIcon {
  const file = (theme: string) => vscode.Uri.joinPath(extension, "media", `experiment-${theme}.svg`);
  return { dark: file("dark"), light: file("light") };
}

/** The two branches of a comparison's tab. */
export function compareTabIcon(extension: vscode.Uri): PanelIcon {
  const file = (theme: string) => vscode.Uri.joinPath(extension, "media", `compare-${theme}.svg`);
  return { dark: file("dark"), light: file("light") };
}

/** The boxes of a tab of logged models. */
export function loggedModelsTabIcon(extension: vscode.Uri): PanelIcon {
  const file = (theme: string) => vscode.Uri.joinPath(extension, "media", `loggedModels-${theme}.svg`);
  return { dark: file("dark"), light: file("light") };
}

/** The steps of a workflow's tab. */
export function workflowTabIcon(extension: vscode.Uri): PanelIcon {
  const file = (theme: string) => vscode.Uri.joinPath(extension, "media", `workflow-${theme}.svg`);
  return { dark: file("dark"), light: file("light") };
}

/** The box of a registered model's tab. */
export function modelTabIcon(extension: vscode.Uri): PanelIcon {
  const file = (theme: string) => vscode.Uri.joinPath(extension, "media", `model-${theme}.svg`);
  return { dark: file("dark"), light: file("light") };
}
