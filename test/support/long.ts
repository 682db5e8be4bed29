/** The full counts of the long suite; `FLOWDECK_LONG_SHARE=0.1` makes a tenth of each. */
export const share = Number(process.env["FLOWDECK_LONG_SHARE"] ?? "1");

/** Seed of a long test: `FLOWDECK_SEED`, or a new one; printed, so that a failure can be seen again. */
export function seedOf(what: string): number {
  const given = process.env["FLOWDECK_SEED"];
  const seed = given === undefined ? Date.now() % 2 ** 31 : Number(given);
  tell(`${what}: FLOWDECK_SEED=${seed}`);
  return seed;
}

/** Prints how far a long test is, every half minute. */
export function progressOf(what: string, total: number): (done: number) => void {
  const begun = Date.now();
  let told = begun;
  return (done) => {
    const now = Date.now();
    if (now - told < 30_000 && done < total) return;
    told = now;
    tell(`${what}: ${done} of ${total} after ${Math.round((now - begun) / 1_000)} s`);
  };
}

/** A line for whoever watches the long suite, and for its log. */
export function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
