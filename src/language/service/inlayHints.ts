import type { InlayHint } from "vscode-languageserver";
import type { MlprojectDocument, TextRange } from "../../projects/document.ts";
import { parameterOf } from "./nodeAt.ts";
import { rangeIn } from "./positions.ts";

/** Longest default that is shown whole. */
const LONGEST = 24;

/** The default behind each placeholder of `range`. */
export function inlayHints(document: MlprojectDocument, range: TextRange): InlayHint[] {
  return document.entryPoints.flatMap((entryPoint) =>
    entryPoint.placeholders.flatMap((placeholder) => {
      const value = parameterOf(entryPoint, placeholder)?.default;
      const { end } = placeholder.range;
      if (value === undefined || end < range.start || end > range.end) return [];
      const label = value.length > LONGEST ? `${value.slice(0, LONGEST - 1)}…` : value || "''";
      return [{ position: rangeIn(document, placeholder.range).end, label, paddingLeft: true, tooltip: "Default" }];
    }),
  );
}
