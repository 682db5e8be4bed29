import { asMlflowError } from "../../mlflow/errors.ts";
import type { KeyValue } from "../../mlflow/entities.ts";
import type { GroupContext } from "./request.ts";

/**
 * Writes tags of one run, one request at a time; of a tag that changes again before it was written only the latest is.
 * A server that is away is said once: the workflow goes on, and tells everything at its end.
 */
export class TagWriter {
  readonly #context: Pick<GroupContext, "store" | "patientStore" | "say">;
  readonly #run_id: string;
  readonly #pending = new Map<string, string>();
  #writing: Promise<void> = Promise.resolve();
  #isToldAway = false;

  constructor(context: Pick<GroupContext, "store" | "patientStore" | "say">, run_id: string) {
    this.#context = context;
    this.#run_id = run_id;
  }

  /** Resolves once the tags are written, or could not be. */
  async write(tags: readonly KeyValue[]): Promise<void> {
    for (const { key, value } of tags) this.#pending.set(key, value);
    this.#writing = this.#writing
      .then(() => this.#flush(this.#context.store))
      .catch((error: unknown) => this.#tell(error));
    await this.#writing;
  }

  /** Writes what is left with patience. @throws when the server does not come back. */
  async finish(): Promise<void> {
    await this.#writing;
    await this.#flush(this.#context.patientStore);
  }

  async #flush(store: GroupContext["store"]): Promise<void> {
    // MLflow's limit for one `log-batch` (3.17).
    for (;;) {
      const part = [...this.#pending].slice(0, 100);
      if (part.length === 0) return;
      const tags = part.map(([key, value]) => ({ key, value }));
      await store.logBatch({ run_id: this.#run_id, metrics: [], params: [], tags });
      for (const [key, value] of part) if (this.#pending.get(key) === value) this.#pending.delete(key);
    }
  }

  #tell(error: unknown): void {
    if (this.#isToldAway) return;
    this.#isToldAway = true;
    this.#context.say(`Flowdeck: where this stands cannot be told at the moment: ${asMlflowError(error).message}`);
  }
}
