import type { RunState } from "../../projects/request.ts";

/** What keeps them, beyond the window. */
interface Memory {
  get<T>(key: string, otherwise: T): T;
  update(key: string, value: unknown): Thenable<void>;
}

const KEY = "flowdeck.projects.exitCodes";
/** Runs that are remembered. */
const MOST = 200;

/** Exit codes of runs that failed: MLflow keeps none, and the state files of runs that are over are removed. */
export class ExitCodes {
  readonly #memory: Memory;
  readonly #codes: Map<string, number>;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#codes = new Map(memory.get<[string, number][]>(KEY, []));
  }

  get(run_id: string): number | undefined {
    return this.#codes.get(run_id);
  }

  async note({ run_id, status, exitCode }: RunState): Promise<void> {
    if (run_id === undefined || status !== "FAILED" || exitCode === undefined || this.#codes.has(run_id)) return;
    this.#codes.set(run_id, exitCode);
    await this.#memory.update(KEY, [...this.#codes].slice(-MOST));
  }
}
