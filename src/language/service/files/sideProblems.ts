// Diagnostics and fixes of the files beside an MLproject.
import type { CodeAction, Diagnostic } from "vscode-languageserver";
import type { TextRange } from "../../../projects/document.ts";
import { quickFixes, touching } from "../quickFixes.ts";
import type { Severities } from "../severities.ts";
import { diagnosticOf } from "../validation.ts";
import type { SideDocument } from "./sideFeatures.ts";
import type { Folder } from "./sideFile.ts";
import { sideProblems } from "./sideFile.ts";

export function validateSide(document: SideDocument, folder: Folder, severities: Severities = {}): Diagnostic[] {
  return sideProblems(document, folder, severities).map((problem) => diagnosticOf(document, problem));
}

export interface SideActionQuestion {
  document: SideDocument;
  uri: string;
  range: TextRange;
  folder: Folder;
  severities?: Severities;
}

export function sideActions({ document, uri, range, folder, severities = {} }: SideActionQuestion): CodeAction[] {
  return sideProblems(document, folder, severities)
    .filter((problem) => touching(problem.range, range))
    .flatMap((problem) => quickFixes(document, uri, problem));
}
