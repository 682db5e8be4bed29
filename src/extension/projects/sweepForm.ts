import * as vscode from "vscode";
import type { EntryPoint, Parameter } from "../../projects/document.ts";
import { MOST_POINTS } from "../../projects/sweep/values.ts";
import { askText, pickOne } from "../platform/questions.ts";
import { countText } from "../tracking/format.ts";
import { missingIn, runsOf, sweepProblem, textOf, undeclaredIn, type SweepForm } from "./sweepValues.ts";

interface Item extends vscode.QuickPickItem {
  /** What a choice of it does; the form is done when it gives true. */
  choose?: () => boolean | Promise<boolean>;
}

/** Asks for the values of a sweep in one list that is shown until its first row runs it. Undefined: the person went away. */
export async function askSweep(entryPoint: EntryPoint, form: SweepForm): Promise<SweepForm | undefined> {
  for (;;) {
    const chosen = await pickOne(itemsOf(entryPoint, form), {
      title: `Run ${entryPoint.name} with several values`,
      placeHolder: "Choose a parameter and give it several values",
      matchOnDescription: true,
    });
    if (chosen === undefined) return undefined;
    if ((await chosen.choose?.()) === true) return form;
  }
}

function itemsOf(entryPoint: EntryPoint, form: SweepForm): Item[] {
  const runs = runsOf(form);
  const missing = missingIn(entryPoint, form);
  const ready = typeof runs === "number" && missing.length === 0;
  const start: Item = {
    label: typeof runs === "number" ? `$(run-all) Run ${countText(runs, "run")}` : "$(circle-slash) Nothing to run yet",
    ...(typeof runs === "string" ? { description: runs } : {}),
    ...(typeof runs === "number" && missing.length > 0 ? { description: `${missing.join(", ")} needs a value` } : {}),
    choose: () => ready,
  };
  const byChance = form.method === "random";
  const method: Item = {
    label: byChance ? "$(symbol-numeric) By chance" : "$(table) All combinations",
    description: byChance ? countText(form.count, "run") : "each value with each of the others",
    choose: () => chooseMethod(form),
  };
  const parallel: Item = {
    label: `$(list-ordered) ${form.maxParallel} at a time`,
    choose: () => chooseNumber("Runs at a time", 64, form.maxParallel, (value) => (form.maxParallel = value)),
  };
  const heading = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const parameters = entryPoint.parameters.map((parameter): Item => {
    const { name, description } = parameter;
    return {
      label: `$(symbol-parameter) ${name}`,
      description: textOf(parameter, form.texts[name]),
      ...(description ? { detail: description } : {}),
      choose: () => edit(parameter, form),
    };
  });
  const nowhere = { start: 0, end: 0 };
  for (const name of undeclaredIn(entryPoint, form)) {
    const parameter: Parameter = { name, type: "string", nameRange: nowhere, range: nowhere };
    const description = `${textOf(parameter, form.texts[name])} · not declared`;
    parameters.push({ label: `$(add) ${name}`, description, choose: () => edit(parameter, form) });
  }
  return [start, heading("Parameters"), ...parameters, heading("How"), method, parallel];
}

async function edit(parameter: Parameter, { texts }: SweepForm): Promise<boolean> {
  const { name } = parameter;
  const text = await askText({
    title: `Values of ${name}`,
    prompt: "A list: 0.1, 0.2. A range: 1..9, 0..1 step 0.25 or log 1e-4..1 in 5. Empty: the default",
    value: texts[name] ?? parameter.default ?? "",
    validateInput: (typed) => (typed.trim() === "" ? undefined : sweepProblem(parameter, typed)),
  });
  if (text === undefined) return false;
  if (text.trim() === "" || text === parameter.default) delete texts[name];
  else texts[name] = text;
  return false;
}

async function chooseMethod(form: SweepForm): Promise<boolean> {
  if (form.method === "random") {
    form.method = "grid";
    return false;
  }
  return chooseNumber("Runs by chance", MOST_POINTS, form.count, (value) => {
    form.method = "random";
    form.count = value;
  });
}

async function chooseNumber(title: string, most: number, value: number, set: (value: number) => void): Promise<false> {
  const validateInput = (text: string) =>
    /^[1-9]\d*$/.test(text.trim()) && Number(text) <= most ? undefined : `A whole number from 1 to ${most}.`;
  const typed = await askText({ title, value: String(value), validateInput });
  if (typed !== undefined) set(Number(typed));
  return false;
}
