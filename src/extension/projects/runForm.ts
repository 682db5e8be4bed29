import * as vscode from "vscode";
import type { EntryPoint, Parameter } from "../../projects/document.ts";
import { ENV_MANAGERS, type EnvManager } from "../../projects/request.ts";
import { askText, pickOne } from "../platform/questions.ts";
import { fill, firstProblem, moreText, nameProblem, valuesText, type Offer, type RunForm } from "./formState.ts";
import { missingParameters, parameterText, problemOf, type Values } from "./parameterValues.ts";
import { askValue } from "./valueBox.ts";

/** What a form is about, and what is known of the values that suit it. What takes a while comes when it is there. */
export interface FormSubject {
  entryPoint: EntryPoint;
  /** Which version of what runs, where that is not plain. */
  title?: string;
  /** Where the run starts: paths count from it. */
  folder: string;
  /** The environment manager that is used unless another is chosen. */
  env_manager: EnvManager;
  offers: Promise<Offer[]>;
  /** By parameter: the values that the script takes. */
  choices: Promise<Record<string, string[]>>;
  /** Keeps what stands in the form under a name. */
  savePreset(form: RunForm): Promise<void>;
}

/** True: run. False: show the list again. Undefined: the person went away. */
type Step = () => boolean | Promise<boolean>;

interface Item extends vscode.QuickPickItem {
  step?: Step;
  reset?: () => void;
}

const RESET: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("discard"), tooltip: "Use the default" };
const REMOVE: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("trash"), tooltip: "Take it out" };

/**
 * Asks in one list what an entry point is run with; Enter at once runs with what it shows. False: the person went away. What was
 * chosen so far is in `form` either way.
 */
export async function askForm(form: RunForm, subject: Subject): Promise<boolean> {
  for (;;) {
    const step = await showList(form, subject);
    if (step === undefined) return false;
    if (await step()) return true;
  }
}

/** The same for what is no run of an entry point: a workflow has parameters, and nothing else. */
export async function askValues(entryPoint: EntryPoint, remembered: Values): Promise<Values | undefined> {
  const form: RunForm = { values: { ...remembered }, extra: {} };
  return (await askForm(form, { entryPoint, folder: undefined })) ? form.values : undefined;
}

/** Puts a value for each parameter that has none into `values`; false when the person went back. `how` is asked for when there is one. */
export async function askMissing(
  entryPoint: EntryPoint,
  values: Values,
  how: () => AskedBy = () => ({}),
): Promise<boolean> {
  const missing = missingParameters(entryPoint, values);
  const asked = missing.length === 0 ? {} : how();
  for (const parameter of missing) {
    if (!(await edit(parameter, values, asked))) return false;
  }
  return true;
}

/** What a value is asked for by. */
interface AskedBy extends Partial<Pick<FormSubject, "choices">> {
  folder?: string | undefined;
}

type Subject = FormSubject | { entryPoint: EntryPoint; folder: undefined };

function isRun(subject: Subject): subject is FormSubject {
  return subject.folder !== undefined;
}

async function edit(parameter: Parameter, values: Values, { folder, choices }: AskedBy): Promise<boolean> {
  const now = valueOf(parameter, values);
  const known = (await inTime(choices))?.[parameter.name];
  const value = await askValue(parameter, {
    ...(now === undefined ? {} : { value: now }),
    ...(known === undefined ? {} : { choices: known }),
    ...(folder === undefined ? {} : { folder }),
  });
  if (value === undefined) return false;
  if (value === parameter.default) delete values[parameter.name];
  else values[parameter.name] = value;
  return true;
}

/** ms that a value is not asked for while the script is still being read. */
const PATIENCE = 1_500;

async function inTime<T>(answer: Promise<T> | undefined, patience = PATIENCE): Promise<T | undefined> {
  const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), patience));
  return Promise.race([answer, late]);
}

/** ms that the list waits for what it may be filled with: rows that come later move the others under the pointer. */
const SOON = 200;

async function showList(form: RunForm, subject: Subject): Promise<Step | undefined> {
  const soon = isRun(subject) ? await inTime(subject.offers, SOON).catch(() => []) : [];
  const list = vscode.window.createQuickPick<Item>();
  const title = isRun(subject) ? subject.title : undefined;
  list.title = `Run ${subject.entryPoint.name}${title === undefined ? "" : ` · ${title}`}`;
  list.placeholder = "Enter runs; choose a row to change it";
  list.matchOnDescription = true;
  list.ignoreFocusOut = true;
  const show = (offers: readonly Offer[]): void => {
    const [active] = list.activeItems;
    list.items = itemsOf(form, subject, offers);
    const same = list.items.find(({ label, step }) => step !== undefined && label === active?.label);
    if (same !== undefined) list.activeItems = [same];
  };
  let offered = soon ?? [];
  show(offered);
  return new Promise((resolve) => {
    let isOpen = true;
    const close = (step: Step | undefined): void => {
      isOpen = false;
      resolve(step);
      list.dispose();
    };
    if (isRun(subject) && soon === undefined) {
      list.busy = true;
      const arrived = (offers: Offer[]): void => {
        if (!isOpen) return;
        offered = offers;
        list.busy = false;
        if (offers.length > 0) show(offers);
      };
      subject.offers.then(arrived, () => arrived([]));
    }
    list.onDidAccept(() => {
      const step = list.activeItems[0]?.step;
      if (step !== undefined) close(step);
    });
    list.onDidTriggerItemButton(({ item }) => {
      item.reset?.();
      show(offered);
    });
    list.onDidHide(() => close(undefined));
    list.show();
  });
}

function itemsOf(form: RunForm, subject: Subject, offers: readonly Offer[]): Item[] {
  const { entryPoint } = subject;
  const { parameters } = entryPoint;
  const rows = parameters.map((parameter) => parameterItem(parameter, form, subject));
  if (!isRun(subject)) return [runItem(form, subject), ...under("Parameters", rows)];
  const isChanged = Object.keys({ ...form.values, ...form.extra }).length > 0;
  const defaults: Offer = {
    title: "Defaults",
    detail: "of all parameters",
    icon: "discard",
    form: { values: {}, extra: {} },
  };
  const filled = [...offers, ...(isChanged ? [defaults] : [])].map(
    (offer): Item => ({
      label: `$(${offer.icon}) ${offer.title}`,
      description: offer.detail,
      ...(offer === defaults ? {} : { detail: valuesText({ ...offer.form.values, ...offer.form.extra }) }),
      step: () => {
        fill(form, offer);
        return false;
      },
    }),
  );
  const more: Item[] = [
    {
      label: "$(gear) More…",
      description: moreText(form, subject.env_manager),
      step: () => askMore(form, subject),
    },
    { label: "$(save) Save as Preset…", step: async () => (await subject.savePreset(form), false) },
  ];
  return [
    runItem(form, subject),
    ...under("Fill in", filled),
    ...under("Parameters", [...rows, ...extraItems(form, subject)]),
    ...under("Run", more),
  ];
}

function under(label: string, items: Item[]): Item[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}

function runItem(form: RunForm, subject: Subject): Item {
  const { entryPoint, folder } = subject;
  const missing = missingParameters(entryPoint, form.values);
  const wrong = folder === undefined ? undefined : firstProblem(entryPoint, form.values, folder);
  const asked = missing.map((parameter) => parameter.name).join(", ");
  const description = missing.length > 0 ? `asks for ${asked}` : wrong?.problem;
  return {
    label: `$(play) Run ${entryPoint.name}`,
    alwaysShow: true,
    ...(description === undefined ? {} : { description }),
    step: async () => {
      if (!(await askMissing(entryPoint, form.values, () => subject))) return false;
      if (folder === undefined) return true;
      const still = firstProblem(entryPoint, form.values, folder);
      if (still === undefined) return true;
      await edit(still.parameter, form.values, subject);
      return false;
    },
  };
}

function parameterItem(parameter: Parameter, form: RunForm, subject: Subject): Item {
  const { name, description } = parameter;
  const value = valueOf(parameter, form.values);
  const problem = value === undefined ? undefined : problemOf(parameter, value, subject.folder);
  const isWrong = value === undefined || problem !== undefined;
  const detail = problem ?? description;
  const mayReset = form.values[name] !== undefined && parameter.default !== undefined;
  return {
    label: `$(${isWrong ? "warning" : "symbol-parameter"}) ${name}`,
    description: parameterText(parameter, form.values[name]),
    ...(detail ? { detail } : {}),
    ...(mayReset ? { buttons: [RESET], reset: () => delete form.values[name] } : {}),
    step: async () => {
      await edit(parameter, form.values, subject);
      return false;
    },
  };
}

function extraItems(form: RunForm, { entryPoint }: FormSubject): Item[] {
  const rows = Object.entries(form.extra).map(
    ([name, value]): Item => ({
      label: `$(add) ${name}`,
      description: `= ${value === "" ? '""' : value} · not declared`,
      buttons: [REMOVE],
      reset: () => delete form.extra[name],
      step: () => editExtra(form, name),
    }),
  );
  const add: Item = {
    label: "$(add) Add Parameter…",
    description: "one that the entry point does not declare",
    step: async () => {
      const typed = await askText({
        title: "Name of the Parameter",
        prompt: "It is appended to the command as --name value",
        validateInput: (text) => (text === "" ? undefined : nameProblem(entryPoint, form, text)),
      });
      return typed === undefined || typed === "" ? false : editExtra(form, typed);
    },
  };
  return [...rows, add];
}

async function editExtra(form: RunForm, name: string): Promise<false> {
  const value = await askText({ title: name, prompt: `Appended as --${name} value`, value: form.extra[name] ?? "" });
  if (value !== undefined) form.extra[name] = value;
  return false;
}

/** Environment, experiment and name, until the person goes back. */
async function askMore(form: RunForm, { env_manager: usual }: FormSubject): Promise<false> {
  for (;;) {
    const rows: (vscode.QuickPickItem & { ask?: () => Promise<void> })[] = [
      { label: "$(arrow-left) Back" },
      {
        label: "$(package) Environment manager",
        description: form.env_manager ?? `${usual}, as the setting says`,
        ask: () => askManager(form, usual),
      },
      {
        label: "$(beaker) Experiment",
        description: form.experiment_name ?? "Default",
        ask: () => askName(form, "experiment_name", "Experiment", "Made when it is not there; empty for Default"),
      },
      {
        label: "$(tag) Run name",
        description: form.run_name ?? "a random one",
        ask: () => askName(form, "run_name", "Name of the Run", "Empty: a random one"),
      },
    ];
    const chosen = await pickOne(rows, { title: "How It Runs", placeHolder: "Choose a row to change it" });
    if (chosen?.ask === undefined) return false;
    await chosen.ask();
  }
}

const MANAGERS: Record<EnvManager, string> = {
  auto: "what the project declares",
  local: "no environment: the Python of the editor",
  virtualenv: "made by Python's venv and pip",
  uv: "made by uv, which fetches a Python that is not there",
  conda: "made by conda, mamba or micromamba",
};

async function askManager(form: RunForm, usual: EnvManager): Promise<void> {
  const items = ENV_MANAGERS.map((manager) => ({ label: manager, description: MANAGERS[manager], manager }));
  const setting = { label: "As the setting says", description: usual, manager: undefined };
  const chosen = await pickOne([setting, ...items], { title: "Environment Manager" });
  if (chosen === undefined) return;
  if (chosen.manager === undefined) delete form.env_manager;
  else form.env_manager = chosen.manager;
}

async function askName(
  form: RunForm,
  key: "experiment_name" | "run_name",
  title: string,
  prompt: string,
): Promise<void> {
  const typed = await askText({ title, prompt, value: form[key] ?? "" });
  if (typed === undefined) return;
  if (typed.trim() === "") delete form[key];
  else form[key] = typed.trim();
}

function valueOf(parameter: Parameter, values: Values): string | undefined {
  return values[parameter.name] ?? parameter.default;
}
