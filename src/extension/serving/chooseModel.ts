import type * as vscode from "vscode";
import { textValue } from "../../mlflow/filter/write.ts";
import { newestFirst } from "../../mlflow/modelVersions.ts";
import { pickAcross } from "../stores/pickAcross.ts";
import { filledStores } from "../stores/readAcross.ts";
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
  const all = filledStores(await stores.all()).filter(({ uri }) => uri === (only?.uri ?? uri));
  const what = only === undefined ? "No model is registered here yet" : `${only.name} has no version yet`;
  const none = `${what}; register one from a run or a logged model.`;
  const read = (store: StoreHandle, place: string) => choicesIn(store, only?.name, all.length > 1 ? place : undefined);
  const options = { placeHolder: "Model to serve", matchOnDescription: true, takesOnly: true };
  return (await pickAcross(all, read, { none, ...options }))?.target;
}

/** `place`: how the store is called, where there are several. */
async function choicesIn({ uri, remote }: StoreHandle, only: string | undefined, place: string | undefined) {
  const where = only === undefined ? undefined : textValue(only);
  const filter = where === undefined ? {} : { filter: `name = ${where}` };
  const models = (await remote.searchRegisteredModels({ max_results: OFFERED, ...filter })).items;
  const versions = (await remote.searchModelVersions({ max_results: OFFERED, ...filter })).items;
  return models
    .filter(({ name }) => only === undefined || name === only)
    .flatMap(({ name, aliases }): Choice[] => {
      const detail = place === undefined ? {} : { detail: place };
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
