import type { RunState } from "./request.ts";

// What the person sees of a run in a terminal, and how they end it.

/** Aborts at Ctrl-C, at SIGTERM, and at SIGHUP, which a closing terminal sends. */
export function stopOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => controller.abort());
  // A terminal that is gone refuses what is written to it; the run is closed all the same.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EIO" && error.code !== "EPIPE") throw error;
    });
  }
  return controller.signal;
}

/** Prints one line. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Bytes that are printed when that goes to a file; a loop that prints for ever must not fill the disk. */
const LONGEST = 64 << 20;

/** From here on no more than `LONGEST` is printed. */
export function boundOutput(): void {
  let left = LONGEST;
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = (chunk: string | Uint8Array) => {
      if (left <= 0) return true;
      left -= Buffer.byteLength(chunk);
      return write(left > 0 ? chunk : "\nThe rest is not kept.\n");
    };
  }
}

/** The last line of a run: how it ended, in one sentence. */
export function resultLine(state: RunState): string {
  if (state.run_id === undefined) return `Flowdeck: ${state.problem ?? "Nothing was run."}`;
  const code = state.exitCode === undefined || state.exitCode === 0 ? "" : `, exit code ${state.exitCode}`;
  const time = duration((state.ended_at ?? Date.now()) - state.started_at);
  if (state.status === "RUNNING") return `Flowdeck: run ${state.run_id} was handed over in ${time}, and goes on there`;
  const line = `Flowdeck: run ${state.run_id} ${state.status} after ${time}${code}`;
  return state.problem === undefined ? line : `${line}. ${state.problem}`;
}

/** Waits for a key when a person is there; a stop ends the waiting. */
export async function waitForKey(prompt: string, stop: AbortSignal): Promise<void> {
  const { stdin } = process;
  if (!stdin.isTTY || stop.aborted) return;
  print(prompt);
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = () => resolve();
  stdin.setRawMode(true);
  stdin.once("data", done).once("end", done).once("error", done);
  stop.addEventListener("abort", done, { once: true });
  stdin.resume();
  await promise;
  stdin.setRawMode(false);
  stdin.pause();
}

/** `4.2 s`, `3 min 5 s`, `2 h 10 min`. */
function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
