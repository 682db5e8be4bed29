import * as vscode from "vscode";
import { filterChoices, type KnownModels } from "./filterChoices.ts";
import type { KeptFilter } from "../platform/keptFilter.ts";
import { answerOf } from "../platform/answerOf.ts";

type ChoiceItem = vscode.QuickPickItem & { filter?: string };

/** Asks for a filter of the Models view; the box says what is wrong with one, and offers some. Empty text: none. */
export async function askModelsFilter(look: KeptFilter, known: KnownModels): Promise<string | undefined> {
  const box = vscode.window.createQuickPick<ChoiceItem>();
  box.title = "Filter of the Models view";
  box.placeholder = "A part of a name, or a filter such as tags.team = 'cellar' AND name LIKE 'wine%'";
  box.ignoreFocusOut = true;
  box.value = look.filter ?? "";
  const draw = (): void => {
    box.items = filterChoices(box.value, known, look.history).map(({ label, detail, filter }): ChoiceItem => {
      const icon = filter === undefined ? "$(warning) " : "";
      return { label: `${icon}${label}`, detail, alwaysShow: true, ...(filter === undefined ? {} : { filter }) };
    });
    // VS Code puts those first that hold what was typed.
    box.activeItems = box.items.slice(0, 1);
  };
  draw();
  box.onDidChangeValue(draw);
  return answerOf(box, ({ filter }) => filter);
}
