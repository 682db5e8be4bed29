// What the model behind a scoring server takes. No vscode: tested on real stores.
import { layOutJson } from "../../../mlflow/signature/json.ts";
import { readInputExample, readServingExample } from "../../../mlflow/signature/examples.ts";
import { formsOf, printRequest } from "../../../mlflow/signature/requests.ts";
import { tryJson } from "../../../mlflow/signature/json.ts";
import type { ModelFile } from "../../../mlflow/modelFile.ts";
import { parseModelsUri } from "../../../mlflow/uris.ts";
import type { AskedModel } from "../../../protocol/panels/predict.ts";
import type { ScoringServer } from "../../../protocol/serving.ts";
import type { StoreMethods } from "../../../store/store.ts";
import { readable } from "../../models/keptFiles.ts";
import {
  readFolderText,
  versionFolder,
  type ArtifactFolder,
  type FilesStore,
  type SourcedVersion,
} from "../../models/versionFiles.ts";

export type AskedStore = FilesStore & Pick<StoreMethods, "getModelVersion" | "getModelVersionByAlias">;

type Served = Pick<ScoringServer, "store" | "model_uri" | "model" | "title">;

/** Reads the signature and the input example of what a server serves. */
export async function readAskedModel(store: AskedStore, server: Served): Promise<AskedModel> {
  const key = keyOf(server);
  const folder = await servedFolder(store, server);
  const text = folder === undefined ? undefined : await readFolderText(store, folder, "MLmodel");
  if (folder === undefined || text === undefined) {
    const problem = `The files of ${server.title} are not in its store, so what it takes is not known; write the request as JSON.`;
    return { key, problem };
  }
  // The YAML reader is loaded with the first model, not with the window.
  const { readMlmodel } = await import("../../../models/mlmodel.ts");
  const file = readable(() => readMlmodel(text));
  if (file === undefined) {
    return { key, problem: `The MLmodel of ${server.title} cannot be read, so write the request as JSON.` };
  }
  const example = await readExample(store, folder, file);
  return {
    key,
    ...(file.signature === undefined ? {} : { signature: file.signature }),
    ...(example === undefined ? {} : { example }),
  };
}

/** What is sent to a registered model is kept for it, whichever version serves it. */
export function keyOf({ store, model, model_uri }: Served): string {
  return `${store} ${model?.name ?? model_uri}`;
}

/** The run that a served model was logged by, and where its files are. */
export async function servedFolder(
  store: AskedStore,
  { model_uri, model }: Served,
): Promise<ArtifactFolder | undefined> {
  const version = await servedVersion(store, model_uri, model?.version);
  return version === undefined ? undefined : versionFolder(store, version);
}

async function servedVersion(
  store: AskedStore,
  model_uri: string,
  served: string | undefined,
): Promise<SourcedVersion | undefined> {
  const named = parseModelsUri(model_uri);
  switch (named?.kind) {
    case "version":
      return store.getModelVersion({ name: named.name, version: named.version });
    case "alias":
      // The alias may have moved since; the server still serves what it found then.
      return served === undefined
        ? store.getModelVersionByAlias({ name: named.name, alias: named.alias })
        : store.getModelVersion({ name: named.name, version: served });
    case "stage":
      return served === undefined ? undefined : store.getModelVersion({ name: named.name, version: served });
    default:
      // A logged model or a run's folder is found by its source.
      return { name: "", version: "", source: model_uri };
  }
}

/** As a request, laid out. */
async function readExample(store: FilesStore, folder: ArtifactFolder, file: ModelFile): Promise<string | undefined> {
  const { input_example: saved, signature } = file;
  if (saved === undefined) return undefined;
  if (saved.serving_input_path !== undefined) {
    const text = await readFolderText(store, folder, saved.serving_input_path);
    if (text !== undefined && readServingExample(text, signature) !== undefined) {
      const value = tryJson(text);
      return value === undefined ? undefined : layOutJson(value);
    }
  }
  const text = await readFolderText(store, folder, saved.artifact_path);
  const example = text === undefined ? undefined : readInputExample(text, saved, signature);
  const [form = "dataframe_split"] = formsOf(signature);
  return example === undefined ? undefined : printRequest(form, example, true).body;
}
