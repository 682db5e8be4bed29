import { MlflowError } from "../../mlflow/errors.ts";
import type { Trash } from "../../protocol/trash.ts";

// What of a trash is removed for good. No vscode.

/** What is to be removed, and the name by which the person agrees. */
export interface Chosen {
  experiment_ids: string[];
  run_ids: string[];
  model_ids: string[];
  name: string;
  /** The whole trash of the store that `name` names. */
  all: boolean;
}

const NOTHING = { experiment_ids: [], run_ids: [], model_ids: [], all: false };

/** A trash row means all of it; one that was restored meanwhile is none any more. */
export function chosenBy(
  { experiment_id, run_id, model_id }: { experiment_id?: string; run_id?: string; model_id?: string },
  trash: Trash,
  store_name: string,
): Chosen {
  if (experiment_id === undefined && run_id === undefined && model_id === undefined)
    return everything(trash, store_name);
  const experiment = trash.experiments.find((one) => one.experiment_id === experiment_id);
  if (experiment !== undefined) return oneExperiment(experiment);
  const run = trash.runs.find((one) => one.run_id === run_id);
  if (run !== undefined) return oneRun(run);
  const model = trash.models.find((one) => one.model_id === model_id);
  if (model !== undefined) return oneModel(model);
  throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "It is not in the trash any more.");
}

export function everything({ experiments, runs, models }: Trash, store_name: string): Chosen {
  if (experiments.length + runs.length + models.length === 0) {
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `The trash of ${store_name} is empty.`);
  }
  return {
    experiment_ids: experiments.map(({ experiment_id }) => experiment_id),
    run_ids: runs.map(({ run_id }) => run_id),
    model_ids: models.map(({ model_id }) => model_id),
    name: store_name,
    all: true,
  };
}

export function oneExperiment({ experiment_id, name }: { experiment_id: string; name: string }): Chosen {
  return { ...NOTHING, experiment_ids: [experiment_id], name };
}

export function oneRun({ run_id, run_name }: { run_id: string; run_name: string }): Chosen {
  return { ...NOTHING, run_ids: [run_id], name: run_name || run_id };
}

export function oneModel({ model_id, name }: { model_id: string; name: string }): Chosen {
  return { ...NOTHING, model_ids: [model_id], name: name || model_id };
}

export function questionText({ name, all }: Chosen): string {
  return all ? `Empty the trash of ${name}?` : `Remove ${name} for good?`;
}
