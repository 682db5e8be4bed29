import { SqlError, type SqlFailure, type Statement } from "./connection.ts";

/** A call that waits for its turn to be written. */
export interface QueuedWrite {
  /** May be run again: what a lock refused was undone. */
  readonly work: () => unknown;
  /** What `work` answered, known to nobody before the commit. */
  answer: unknown;
  /** Why the call was undone alone; its neighbours were written. */
  refusal: { error: unknown } | undefined;
  readonly done: (answer: unknown) => void;
  readonly failed: (error: unknown) => void;
  /** ms by `performance.now()` at which a lock is waited for no longer. */
  readonly until: number;
}

export interface WriteQueueOptions {
  /** Writes the first calls in one transaction, tells how many. Throws when it wrote none of them. */
  commit: (calls: readonly QueuedWrite[]) => number;
  /** What the caller is told of an error. */
  told: (error: unknown) => unknown;
  /** ms that a call waits for another program's lock. */
  lockWait: number;
}

/** Calls in one transaction, and ms that one holds the lock and the thread: others want both. */
const MOST_CALLS = 500;
const LONGEST_MS = 20;
/** ms until a lock of another program is tried again; the thread does other things meanwhile. */
const RETRY_MS = 10;

/**
 * Group commit: calls that arrive while a commit runs, or in one turn of the loop, share a transaction and its one `fsync`.
 * A call is answered after the commit, never before.
 */
export class WriteQueue {
  readonly #options: WriteQueueOptions;
  #waiting: QueuedWrite[] = [];
  #scheduled = false;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  /** Resolves once what `work` wrote is on the disk. */
  add<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        work,
        answer: undefined,
        refusal: undefined,
        // The border between calls of many types in one queue: `answer` is what this `work` answered.
        done: (answer) => resolve(answer as T),
        failed: reject,
        until: performance.now() + this.#options.lockWait,
      });
      if (!this.#scheduled) this.#schedule();
    });
  }

  /** After everything that can be read just now has been read. */
  #schedule(): void {
    this.#scheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    const calls = this.#waiting.slice(0, MOST_CALLS);
    try {
      const count = this.#options.commit(calls);
      this.#waiting = this.#waiting.slice(count);
      for (const call of calls.slice(0, count)) this.#answer(call);
    } catch (error) {
      this.#waiting = this.#waiting.slice(calls.length);
      if (error instanceof SqlError && error.failure === "busy") return this.#tryAgain(calls, error);
      for (const { failed } of calls) failed(this.#options.told(error));
    }
    if (this.#waiting.length > 0) this.#schedule();
  }

  #answer({ refusal, done, failed, answer }: QueuedWrite): void {
    if (refusal === undefined) done(answer);
    else failed(this.#options.told(refusal.error));
  }

  #tryAgain(calls: readonly QueuedWrite[], error: SqlError): void {
    const now = performance.now();
    const patient = calls.filter(({ until }) => until > now);
    for (const { until, failed } of calls) if (until <= now) failed(this.#options.told(error));
    this.#waiting = [...patient, ...this.#waiting];
    if (this.#waiting.length === 0) return;
    this.#scheduled = true;
    setTimeout(() => this.#turn(), RETRY_MS);
  }
}

/** A statement of the transaction's connection, by its text. */
type Prepare = (sql: string) => Statement<[], unknown>;

/**
 * Runs calls inside a transaction, each undone alone when it throws, until `longest` (ms) is over; tells how many. Throws what befell the
 * whole transaction.
 */
export function runCalls(calls: readonly QueuedWrite[], prepare: Prepare, longest = LONGEST_MS): number {
  const [first] = calls;
  if (first !== undefined && calls.length === 1) {
    first.refusal = undefined;
    first.answer = first.work();
    return 1;
  }
  const end = performance.now() + longest;
  return runTogether(calls, prepare, end) ?? runOneByOne(calls, prepare, end);
}

/** As most calls go: none is refused, and none needs a point to return to. Undefined when one was, and all were undone. */
function runTogether(calls: readonly QueuedWrite[], prepare: Prepare, end: number): number | undefined {
  prepare("SAVEPOINT calls").run();
  let count = 0;
  try {
    for (const call of calls) {
      call.refusal = undefined;
      call.answer = call.work();
      count += 1;
      if (performance.now() >= end) break;
    }
  } catch (error) {
    if (isOfWhole(error)) throw error;
    prepare("ROLLBACK TO calls").run();
    count = 0;
  }
  prepare("RELEASE calls").run();
  return count === 0 ? undefined : count;
}

function runOneByOne(calls: readonly QueuedWrite[], prepare: Prepare, end: number): number {
  let count = 0;
  for (const call of calls) {
    runCall(call, prepare);
    count += 1;
    if (performance.now() >= end) break;
  }
  return count;
}

function runCall(call: QueuedWrite, prepare: Prepare): void {
  prepare("SAVEPOINT call").run();
  call.refusal = undefined;
  try {
    call.answer = call.work();
  } catch (error) {
    if (isOfWhole(error)) throw error;
    prepare("ROLLBACK TO call").run();
    call.refusal = { error };
  }
  prepare("RELEASE call").run();
}

/** Whether it befell the whole transaction. */
function isOfWhole(error: unknown): boolean {
  return error instanceof SqlError && !OF_ONE_CALL.includes(error.failure);
}

/** Failures that say something about one call's values; the others are about the database. */
const OF_ONE_CALL: readonly SqlFailure[] = ["constraint", "tooComplex", "missingTable", "other"];
