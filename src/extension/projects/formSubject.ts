import type * as vscode from "vscode";
import type { EntryPoint } from "../../projects/document.ts";
import type { ParameterChoicesParams, ParameterChoicesResult, PastRun } from "../../protocol/language.ts";
import { readLastRuns } from "../language/lastRun.ts";
import type { Platform } from "../platform/platform.ts";
import { setting } from "../platform/settings.ts";
import type { Stores } from "../stores/stores.ts";
import { metricText } from "../tracking/format.ts";
import type { Chosen } from "./choose.ts";
import { declaredValues, type Offer } from "./formState.ts";
import { presetsOf, presetsRemedy, savePreset } from "./presets.ts";
import { formOfPreset } from "./presetsFile.ts";
import type { FormSubject } from "./runForm.ts";

/** What the form asks others for. */
export interface FormSources {
  stores: Stores;
  language: { parameterChoices(params: ParameterChoicesParams): Promise<ParameterChoicesResult> };
}

/** What differs for a project that is not in its place in the workspace. */
export interface Elsewhere {
  /** Where its run starts, instead of its own folder. */
  folder: string;
  /** The project of the workspace that it is a version of; else a file in the store of which its runs are. */
  home: vscode.Uri;
  /** `mlflow.source.name` of its runs, where it is no version of a project of the workspace. */
  source?: string | undefined;
  /** What the form says of it behind the entry point. */
  title?: string;
}

/** What is known of an entry point when its form is shown. */
export function formSubject(
  platform: Platform,
  sources: FormSources,
  { project, entryPoint }: Chosen,
  elsewhere: Elsewhere = { folder: project.folder, home: project.file },
): FormSubject {
  // Without choices a value is typed.
  const choices = sources.language
    .parameterChoices({ uri: project.file.toString(), entry_point: entryPoint.name })
    .catch((error: unknown) => {
      platform.log.warn(`The choices of ${entryPoint.name} are not known: ${String(error)}`);
      return {};
    });
  const { title } = elsewhere;
  return {
    entryPoint,
    ...(title === undefined ? {} : { title }),
    folder: elsewhere.folder,
    env_manager: setting("flowdeck.projects.envManager", "auto", elsewhere.home),
    choices,
    offers: offersOf(platform, sources, entryPoint, elsewhere),
    savePreset: async (form) => {
      try {
        await savePreset(elsewhere.source === undefined ? elsewhere.home : undefined, entryPoint.name, form);
      } catch (error) {
        // The form stays open: what stands in it is not lost.
        platform.report(error, presetsRemedy(error));
      }
    },
  };
}

async function offersOf(
  platform: Platform,
  { stores }: FormSources,
  entryPoint: EntryPoint,
  { folder, home, source }: Elsewhere,
): Promise<Offer[]> {
  const declared = entryPoint.parameters.map(({ name }) => name);
  const presetsFor = async () => (source === undefined ? presetsOf(home, entryPoint.name) : []);
  const presets = await presetsFor().catch((error: unknown) => {
    platform.report(error, presetsRemedy(error));
    return [];
  });
  const asked = { uri: home.toString(), entry_points: [entryPoint.name] };
  const [last] = await readLastRuns(stores, asked, source).catch((error: unknown) => {
    platform.log.warn(`The runs of ${entryPoint.name} are not known: ${String(error)}`);
    return [];
  });
  const runs = last?.latest ?? [];
  const best = runs.find((run) => run.best === true);
  const offerOf = (run: PastRun, title: string, icon: Offer["icon"]): Offer => {
    const values = Object.fromEntries(run.params.map(({ key, value }) => [key, value]));
    const { metric, run_name } = run;
    const detail = metric === undefined ? run_name : `${run_name}, ${metric.key} ${metricText(metric.value)}`;
    // What a script logs beside its parameters is none of them.
    return { title, detail, icon, form: { values: declaredValues(entryPoint, values, folder), extra: {} } };
  };
  const [latest] = runs;
  return [
    ...presets.map(
      (preset): Offer => ({
        title: `Preset ${preset.name}`,
        detail: "",
        icon: "bookmark",
        form: formOfPreset(preset, declared),
      }),
    ),
    ...(best === undefined ? [] : [offerOf(best, "Values of the best run", "star-full")]),
    ...(latest === undefined || latest === best ? [] : [offerOf(latest, "Values of the last run", "history")]),
  ];
}
