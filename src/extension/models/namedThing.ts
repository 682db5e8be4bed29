// What a `runs:/…` or `models:/…` URI names in the stores of the window. No vscode: tested on real stores.
import type { FileInfo, LoggedModel, ModelVersion, Run } from "../../mlflow/entities.ts";
import { asMlflowError } from "../../mlflow/errors.ts";
import type { NamedUri } from "../../mlflow/findUris.ts";
import { newestFirst } from "../../mlflow/modelVersions.ts";
import { nearest } from "../../projects/spelling.ts";
import type { StoreMethods } from "../../store/store.ts";
import { isLatest, newestIn } from "./newestIn.ts";

export type NamingStore = Pick<
  StoreMethods,
  | "getRun"
  | "listArtifacts"
  | "getRegisteredModel"
  | "searchRegisteredModels"
  | "getModelVersion"
  | "getModelVersionByAlias"
  | "getLatestVersions"
  | "getLoggedModel"
>;

export interface NamedStore<S extends NamingStore = NamingStore> {
  uri: string;
  remote: S;
}

export type NamedThing =
  | { kind: "run"; uri: string; run: Run; path: string; artifact: "folder" | "file" | undefined }
  | { kind: "version"; uri: string; version: ModelVersion; run?: Run; alias?: string; stage?: string }
  | { kind: "loggedModel"; uri: string; model: LoggedModel; run?: Run }
  /** `meant`: the URI that was probably meant. */
  | { kind: "missing"; sentence: string; meant?: string };

/** Registered models that a misspelt name is compared with. */
const NAMES = 1000;

/** The stores are asked in their order; what none has is told in one sentence, which says `where` it is not. */
export async function findNamed(
  stores: readonly NamedStore[],
  names: NamedUri,
  where = "in no store of this window",
): Promise<NamedThing> {
  let missing: NamedThing | undefined;
  for (const store of stores) {
    const found = await namedIn(store, names, where).catch((error: unknown): NamedThing => {
      return { kind: "missing", sentence: asMlflowError(error).message };
    });
    if (found.kind !== "missing") return found;
    // The first one that knows what was meant says so.
    if (
      missing === undefined ||
      (missing.kind === "missing" && missing.meant === undefined && found.meant !== undefined)
    )
      missing = found;
  }
  return missing ?? { kind: "missing", sentence: "No store is open in this window." };
}

function namedIn(store: NamedStore, names: NamedUri, where: string): Promise<NamedThing> {
  if (names.scheme === "runs") return findRunArtifact(store, names, where);
  return names.kind === "model" ? findLoggedModel(store, names.model_id, where) : findVersion(store, names);
}

async function findRunArtifact(
  { uri, remote }: NamedStore,
  { run_id, path }: Extract<NamedUri, { scheme: "runs" }>,
  where: string,
): Promise<NamedThing> {
  const run = await orUndefined(remote.getRun({ run_id }));
  if (run === undefined) return { kind: "missing", sentence: `Run ${run_id.slice(0, 8)} is ${where}.` };
  const wanted = path.replace(/\/+$/, "");
  if (wanted === "") return { kind: "run", uri, run, path: "", artifact: "folder" };
  const parent = wanted.includes("/") ? wanted.replace(/\/[^/]*$/, "") : "";
  const files = await remote.listArtifacts(parent === "" ? { run_id } : { run_id, path: parent });
  const file = files.find((one) => one.path === wanted);
  if (file !== undefined) return { kind: "run", uri, run, path: wanted, artifact: file.is_dir ? "folder" : "file" };
  return missingArtifact(run, wanted, files);
}

function missingArtifact({ info }: Run, path: string, files: readonly FileInfo[]): NamedThing {
  const paths = files.map((file) => file.path);
  const near = nearest(path, paths) ?? (paths.length === 1 ? paths[0] : undefined);
  const has = near === undefined ? "" : `; it has ${near}`;
  return {
    kind: "missing",
    sentence: `Run ${info.run_name || info.run_id.slice(0, 8)} has no artifact ${path}${has}.`,
    ...(near === undefined ? {} : { meant: `runs:/${info.run_id}/${near}` }),
  };
}

async function findLoggedModel({ uri, remote }: NamedStore, model_id: string, where: string): Promise<NamedThing> {
  const model = await orUndefined(remote.getLoggedModel({ model_id }));
  if (model !== undefined)
    return { kind: "loggedModel", uri, model, ...(await runOf(remote, model.info.source_run_id)) };
  if (model_id.startsWith("m-"))
    return { kind: "missing", sentence: `The logged model ${model_id.slice(0, 10)} is ${where}.` };
  // `models:/wine-quality` alone names a registered model, not one of its versions.
  const registered = await orUndefined(remote.getRegisteredModel({ name: model_id }));
  if (registered === undefined) return missingModel(remote, model_id, "");
  const [newest] = newestFirst(registered.latest_versions);
  return {
    kind: "missing",
    sentence: `A version or an alias of ${model_id} must be named, as in models:/${model_id}/${newest?.version ?? 1}.`,
    ...(newest === undefined ? {} : { meant: `models:/${model_id}/${newest.version}` }),
  };
}

async function findVersion(
  { uri, remote }: NamedStore,
  names: Exclude<NamedUri, { scheme: "runs" } | { kind: "model" }>,
): Promise<NamedThing> {
  const { name } = names;
  const of = async (version: ModelVersion, how: { alias?: string; stage?: string } = {}): Promise<NamedThing> => {
    return { kind: "version", uri, version, ...how, ...(await runOf(remote, version.run_id)) };
  };
  switch (names.kind) {
    case "version": {
      const version = await orUndefined(remote.getModelVersion({ name, version: names.version }));
      if (version !== undefined) return of(version);
      const model = await orUndefined(remote.getRegisteredModel({ name }));
      if (model === undefined) return missingModel(remote, name, `/${names.version}`);
      const [newest] = newestFirst(model.latest_versions);
      return {
        kind: "missing",
        sentence:
          newest === undefined
            ? `${name} has no version yet.`
            : `${name} has no version ${names.version}; its newest is ${newest.version}.`,
        ...(newest === undefined ? {} : { meant: `models:/${name}/${newest.version}` }),
      };
    }
    case "alias": {
      const { alias } = names;
      const version = await orUndefined(remote.getModelVersionByAlias({ name, alias }));
      if (version !== undefined) return of(version, { alias });
      const model = await orUndefined(remote.getRegisteredModel({ name }));
      if (model === undefined) return missingModel(remote, name, `@${alias}`);
      const aliases = model.aliases.map((one) => one.alias);
      const near = nearest(alias, aliases) ?? (aliases.length === 1 ? aliases[0] : undefined);
      const has = near === undefined ? "" : `; it has @${near}`;
      const meant = near === undefined ? {} : { meant: `models:/${name}@${near}` };
      return { kind: "missing", sentence: `${name} has no alias @${alias}${has}.`, ...meant };
    }
    case "stage": {
      const { stage } = names;
      const newest = await orUndefined(newestIn(remote, name, stage));
      if (newest !== undefined) return of(newest, { stage: isLatest(stage) ? "latest" : newest.current_stage });
      const model = await orUndefined(remote.getRegisteredModel({ name }));
      if (model === undefined) return missingModel(remote, name, `/${stage}`);
      const near = nearest(stage, STAGES);
      const meant = near === undefined ? {} : { meant: `models:/${name}/${near}` };
      return { kind: "missing", sentence: `${name} has no version in ${stage}.`, ...meant };
    }
    default:
      return names satisfies never;
  }
}

const STAGES = ["Production", "Staging", "Archived", "None", "latest"];

async function missingModel(remote: NamingStore, name: string, rest: string): Promise<NamedThing> {
  const known = await orUndefined(remote.searchRegisteredModels({ max_results: NAMES }));
  const near = nearest(
    name,
    (known?.items ?? []).map((model) => model.name),
  );
  return {
    kind: "missing",
    sentence: `No registered model is called ${name}${near === undefined ? "" : `; ${near} is one`}.`,
    ...(near === undefined ? {} : { meant: `models:/${near}${rest}` }),
  };
}

/** The run of a version or a logged model; without it less is told. */
async function runOf(remote: NamingStore, run_id: string | undefined): Promise<{ run?: Run }> {
  const run = run_id === undefined || run_id === "" ? undefined : await orUndefined(remote.getRun({ run_id }));
  return run === undefined ? {} : { run };
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const { error_code } = asMlflowError(error);
    // What is not there, and a name that cannot be one; any other failure is told.
    if (error_code === "RESOURCE_DOES_NOT_EXIST" || error_code === "INVALID_PARAMETER_VALUE") return undefined;
    throw error;
  }
}
