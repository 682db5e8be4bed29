import type * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { textValue } from "../../mlflow/filter/write.ts";
import { newestFirst } from "../../mlflow/modelVersions.ts";
import { pickOne } from "../platform/questions.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import type { ServeTarget } from "./target.ts";

/** Registered models, and versions of one, that a list offers. */
const OFFERED = 200;

type Choice = vscode.QuickPickItem & { target: ServeTarget };

/** Asks which model is served: an alias or a version of `name`, or of every model; undefined when the person goes away. */
export async function chooseModel(
  stores: Stores,
  only: { uri: string; name: string } | undefined,
): Promise<ServeTarget | undefined> {
  const all = (await stores.all()).filter(({ uri, status }) => status.state === "open" && uri === (only?.uri ?? uri));
  const choices = (await Promise.all(all.map((store) => choicesIn(store, only?.name, all.length > 1)))).flat();
  if (choices.length === 0) {
    const what = only === undefined ? "No model is registered here yet" : `${only.name} has no version yet`;
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `${what}; register one from a run or a logged model.`);
  }
  if (choices.length === 1) return choices[0]?.target;
  return (await pickOne(choices, { placeHolder: "Model to serve", matchOnDescription: true }))?.target;
}

async function choicesIn({ uri, name: place, remote }: StoreHandle, only: string | undefined, isOneOfMany: boolean) {
  const where = only === undefined ? undefined : textValue(only);
  const filter = where === undefined ? {} : { filter: `name = ${where}` };
  const models = (await remote.searchRegisteredModels({ max_results: OFFERED, ...filter })).items;
  const versions = (await remote.searchModelVersions({ max_results: OFFERED, ...filter })).items;
  return models
    .filter(({ name }) => only === undefined || name === only)
    .flatMap(({ name, aliases }): Choice[] => {
      const detail = isOneOfMany ? { detail: place } : {};
      const named = aliases.map(({ alias, version }): Choice => {
        const target = { uri, name, alias };
        return { label: `$(package) ${name}@${alias}`, description: `version ${version}`, ...detail, target };
      });
      const numbered = newestFirst(versions.filter((one) => one.name === name)).map(
        ({ version, current_stage }): Choice => {
          const description = current_stage === "None" ? "" : current_stage;
          return { label: `$(tag) ${name} ${version}`, description, ...detail, target: { uri, name, version } };
        },
      );
      return [...named, ...numbered];
    });
}
