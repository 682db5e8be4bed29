import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { answerOf } from "../platform/answerOf.ts";
import { askText } from "../platform/questions.ts";
import type { StoreHandle } from "../stores/stores.ts";
import { modelNameProblem } from "./names.ts";

/** Models offered by name. */
const OFFERED = 1_000;

type NameItem = vscode.QuickPickItem & { name?: string };

/** Asks for the name of a registered model, one that is there or a new one; undefined when the person went away. */
export async function askModelName(
  { remote }: StoreHandle,
  { title, without, value = "" }: { title: string; without?: string; value?: string },
): Promise<string | undefined> {
  const { items: models } = await remote.searchRegisteredModels({ max_results: OFFERED });
  const known = models.map(({ name }) => name).filter((name) => name !== without);
  const box = vscode.window.createQuickPick<NameItem>();
  box.title = title;
  box.ignoreFocusOut = true;
  box.placeholder =
    known.length === 0 ? "Name of a new registered model" : "A registered model, or the name of a new one";
  box.value = value;
  const draw = (): void => {
    const typed = box.value.trim();
    const isKnown = known.includes(typed);
    const problem = typed === without ? `The version is of ${typed} already.` : modelNameProblem(typed);
    const made: NameItem[] = isKnown
      ? []
      : problem === undefined
        ? [{ label: `$(add) ${typed}`, description: "new registered model", name: typed, alwaysShow: true }]
        : typed === ""
          ? []
          : [{ label: `$(warning) ${problem}`, alwaysShow: true }];
    box.items = [...made, ...known.map((name): NameItem => ({ label: `$(package) ${name}`, name }))];
    // What was typed whole is meant, whatever else holds it.
    const whole = box.items.find(({ name }) => name === typed);
    if (whole !== undefined) box.activeItems = [whole];
  };
  draw();
  box.onDidChangeValue(draw);
  return answerOf(box, ({ name }) => name);
}

/** Asks for a name that no registered model of the store has. */
export async function askNewName(
  { remote, name: where }: StoreHandle,
  title: string,
  value = "",
): Promise<string | undefined> {
  const typed = await askText({
    title,
    value,
    validateInput: async (text) => {
      const name = text.trim();
      const problem = modelNameProblem(name);
      if (problem !== undefined || name === value) return problem;
      const other = await remote.getRegisteredModel({ name }).catch(() => undefined);
      return other === undefined ? undefined : `${where} has a registered model of this name. Choose another one.`;
    },
  });
  return typed?.trim();
}

/** A new name given by whom calls a command. @throws MlflowError. */
export function checkedName(given: string): string {
  const problem = modelNameProblem(given);
  if (problem !== undefined) throw new MlflowError("INVALID_PARAMETER_VALUE", problem);
  return given.trim();
}
