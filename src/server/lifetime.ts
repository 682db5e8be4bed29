import { MlflowError } from "../mlflow/errors.ts";
import type { Run } from "../mlflow/entities.ts";
import type { TrackingStore } from "../store/trackingStore.ts";

/** How long the editor's server stays without being needed, in ms. */
export interface Patience {
  /** Since the last lease of a window. */
  lease: number;
  /** Since the last request. */
  request: number;
  /** Since a RUNNING run last logged. */
  run: number;
}

export const PATIENCE: Patience = { lease: 90_000, request: 10 * 60_000, run: 24 * 3_600_000 };

/** Knows when the server was last needed. Times are ms since the epoch. */
export class Lifetime {
  readonly #patience: Patience;
  #leasedAt: number;
  #askedAt: number;
  #ending = false;

  constructor(now: number, patience = PATIENCE) {
    this.#patience = patience;
    this.#leasedAt = now;
    this.#askedAt = now;
  }

  /** Throws TEMPORARILY_UNAVAILABLE when the server ends: a window must not hold on to it. */
  renewLease(now: number): void {
    this.refuseWhenEnding();
    this.#leasedAt = now;
  }

  /** From here on it only finishes what is under way. */
  end(): void {
    this.#ending = true;
  }

  /** Throws TEMPORARILY_UNAVAILABLE when the server ends. */
  refuseWhenEnding(): void {
    if (this.#ending)
      throw new MlflowError("TEMPORARILY_UNAVAILABLE", "This server ends. Ask the one that follows it.");
  }

  noteRequest(now: number): void {
    this.#askedAt = now;
  }

  /** Whether nobody needs the server: no lease, no request, and no run that is being logged to. */
  async isOver(now: number, store: TrackingStore): Promise<boolean> {
    if (now - this.#leasedAt < this.#patience.lease) return false;
    if (now - this.#askedAt < this.#patience.request) return false;
    return !(await hasActiveRun(store, now - this.#patience.run));
  }
}

/** Failures in a row after which a store counts as gone; a database that another program holds recovers sooner. */
const FAILED_REVIEWS = 20;

/**
 * Asks at each call whether the server is over. A review that fails counts as "no" until `limit` have failed in a row:
 * a server whose store cannot be read any more would otherwise stay for ever.
 */
export function reviewer(
  isOver: () => Promise<boolean>,
  onError: (error: unknown) => void,
  limit = FAILED_REVIEWS,
): () => Promise<boolean> {
  let failed = 0;
  return async () => {
    try {
      const over = await isOver();
      failed = 0;
      return over;
    } catch (error) {
      onError(error);
      failed += 1;
      return failed >= limit;
    }
  };
}

/** Whether a RUNNING run has logged since `since`. */
export async function hasActiveRun(store: TrackingStore, since: number): Promise<boolean> {
  const experiments = await store.searchExperiments({ max_results: 50_000 });
  const experiment_ids = experiments.items.map(({ experiment_id }) => experiment_id);
  if (experiment_ids.length === 0) return false;
  let page_token: string | undefined;
  do {
    const query = { experiment_ids, filter: "attributes.status = 'RUNNING'", max_results: 1000 };
    const page = await store.searchRuns(page_token === undefined ? query : { ...query, page_token });
    if (page.items.some((run) => lastLogged(run) >= since)) return true;
    page_token = page.next_page_token;
  } while (page_token !== undefined);
  return false;
}

function lastLogged({ info, data }: Run): number {
  return data.metrics.reduce((latest, { timestamp }) => Math.max(latest, timestamp), info.start_time ?? 0);
}
