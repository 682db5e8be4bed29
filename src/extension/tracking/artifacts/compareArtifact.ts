import * as vscode from "vscode";
import { pickOne } from "../../platform/questions.ts";
import { MlflowError } from "../../../mlflow/errors.ts";
import type { Stores } from "../../stores/stores.ts";
import { ageText } from "../format.ts";
import { artifactDocument, type ArtifactTarget, pickArtifact } from "./openArtifact.ts";

/** Runs offered to compare with. */
const OFFERED = 200;

/** Asks for another run of the experiment and opens its artifact of the same path beside this one in the diff editor. */
export async function compareArtifact(stores: Stores, one: ArtifactTarget): Promise<void> {
  const { store, run_id, path } = one;
  const { info } = await store.remote.getRun({ run_id });
  const { items: runs } = await store.remote.searchRuns({
    experiment_ids: [info.experiment_id],
    order_by: ["attributes.start_time DESC"],
    max_results: OFFERED,
  });
  const others = runs.filter((run) => run.info.run_id !== run_id);
  if (others.length === 0) {
    const message = `${info.run_name} is the only run of its experiment, so there is nothing to compare with.`;
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
  }
  const items = others.map(({ info: { run_name, run_id: detail, start_time } }) => ({
    label: run_name,
    description: start_time === undefined ? "" : ageText(start_time, Date.now()),
    detail,
  }));
  const placeHolder = `Run whose ${path} is compared with that of ${info.run_name}`;
  const chosen = await pickOne(items, { placeHolder, matchOnDetail: true });
  if (chosen === undefined) return;
  const other = await sameArtifact(stores, one, chosen.detail);
  if (other === undefined) return;
  const name = path.split("/").at(-1) ?? path;
  const title = `${name}: ${info.run_name} ↔ ${chosen.label}`;
  const [left, right] = await Promise.all([artifactDocument(one), artifactDocument(other)]);
  await vscode.commands.executeCommand("vscode.diff", left, right, title);
}

/** The file of the same path in another run; where it has none, another file is asked for. */
async function sameArtifact(
  stores: Stores,
  { store, path }: ArtifactTarget,
  run_id: string,
): Promise<ArtifactTarget | undefined> {
  const now = await stores.get(store.uri);
  const query = { run_id, path, offset: 0, length: 0 };
  const there = await now.remote.readArtifact(query).then(
    () => true,
    () => false,
  );
  return there ? { store: now, run_id, path } : pickArtifact(now, run_id);
}
