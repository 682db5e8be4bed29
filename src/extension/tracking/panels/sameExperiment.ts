import type { Experiment } from "../../../mlflow/entities.ts";
import { asMlflowError, MlflowError } from "../../../mlflow/errors.ts";

// Whether a panel's experiment is still the one that it showed. No vscode: tested over real stores.

/** What is needed of a store. */
export interface ExperimentStore {
  name: string;
  status: { state: string };
  remote: { getExperiment(query: { experiment_id: string }): Promise<Experiment> };
}

/** Looks that begin while somebody waits; each one finds whatever took the place of the experiment before. */
const LOOKS = 2;

/**
 * A store's file may be swapped, moved or removed while a panel shows it, and experiments are counted anew in each: after a change
 * the experiment is looked at before anything else is read.
 */
export class SameExperiment {
  readonly #experiment_id: string;
  #known: Experiment | undefined;
  #doubted = false;
  #looking: Promise<void> | undefined;

  constructor(experiment_id: string) {
    this.#experiment_id = experiment_id;
  }

  /** What the panel shows from here on, as it was read. Throws as `verify` does. */
  show(experiment: Experiment, store: ExperimentStore): Experiment {
    if (this.#known !== undefined && !isSame(this.#known, experiment)) throw replaced(this.#known, experiment, store);
    this.#known = experiment;
    return experiment;
  }

  /** Something in the store changed. */
  doubt(): void {
    this.#doubted = true;
  }

  /** Whatever has the id is shown from here on: a person asked for it. */
  accept(): void {
    this.#known = undefined;
    this.#doubted = false;
  }

  /**
   * Throws RESOURCE_DOES_NOT_EXIST when the experiment is gone, RESOURCE_CONFLICT when another has its id. What was read before the
   * call is of the experiment when it does not throw; what is read afterwards is to be verified once more.
   */
  async verify(store: ExperimentStore): Promise<void> {
    // What is asked during a look waits for it; of what changed meanwhile that look may know nothing. Those that begin later do: a run
    // that logs steadily need not come to rest.
    let left = this.#looking === undefined ? LOOKS : LOOKS + 1;
    for (let known = this.#known; known !== undefined && this.#isOpen() && left > 0; known = this.#known) {
      left -= 1;
      this.#looking ??= this.#look(known, store).finally(() => {
        this.#looking = undefined;
      });
      await this.#looking;
    }
  }

  #isOpen(): boolean {
    return this.#doubted || this.#looking !== undefined;
  }

  async #look(known: Experiment, store: ExperimentStore): Promise<void> {
    this.#doubted = false;
    try {
      // What stands in for a file that is gone has an experiment of its own.
      if (store.status.state === "absent") throw gone(known, store);
      const found = await store.remote.getExperiment({ experiment_id: this.#experiment_id });
      this.show(found, store);
    } catch (error) {
      this.#doubted = true;
      throw asMlflowError(error).error_code === "RESOURCE_DOES_NOT_EXIST" ? gone(known, store) : error;
    }
  }
}

/** A name can be changed; when and where the experiment was made cannot. */
function isSame(one: Experiment, other: Experiment): boolean {
  if (one.creation_time !== undefined && other.creation_time !== undefined)
    return one.creation_time === other.creation_time;
  return one.name === other.name || one.artifact_location === other.artifact_location;
}

function gone({ name }: Experiment, store: ExperimentStore): MlflowError {
  return new MlflowError("RESOURCE_DOES_NOT_EXIST", `${name} is no longer in ${store.name}.`);
}

function replaced(known: Experiment, found: Experiment, store: ExperimentStore): MlflowError {
  const what = found.name === known.name ? `another experiment ${found.name}` : `the experiment ${found.name}`;
  return new MlflowError("RESOURCE_CONFLICT", `${store.name} was replaced and has ${what} in place of ${known.name}.`);
}
