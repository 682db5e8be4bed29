import { deepEqual, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { findPython, root, shared, skipWithout } from "../support/environment.ts";
import type { Spoiled } from "../support/mistakes.ts";
import { spoil } from "../support/mistakes.ts";
import { randomFrom } from "../support/random.ts";

// Every planted mistake has, with the real MLflow, the outcome that its table says: it is one.

const python = findPython();
const folder = shared("mlprojects");
const skip = skipWithout(python, "Python with mlflow") || skipWithout(folder, "../shared/mlprojects");

/** One file in so many; FLOWDECK_EVERY=1 takes all of them. */
const EVERY = Number(process.env["FLOWDECK_EVERY"] ?? 4);
const SEED = Number(process.env["FLOWDECK_SEED"] ?? 6);

interface Built {
  load: string | null;
  entry_points: Record<string, string | null>;
}

function build(texts: readonly string[]): Built[] {
  const script = join(root, "test/conformance/python/buildCommands.py");
  const options = { input: JSON.stringify(texts), encoding: "utf8" as const, maxBuffer: 1 << 28 };
  const parsed: unknown = JSON.parse(execFileSync(python ?? "", [script], options));
  return parsed as Built[];
}

/** Why a mistake has another outcome; undefined when it has the one it should. */
function denial({ mistake, kind, file, entryPoint }: Spoiled, after: Built, whole: Built): string | undefined {
  const told = `${file}: ${kind}: ${JSON.stringify(after).slice(0, 400)}`;
  if (mistake.outcome === "load") return after.load === null ? told : undefined;
  if (after.load !== null) return told;
  const failing = Object.keys(after.entry_points).filter(
    (name) => after.entry_points[name] !== null && whole.entry_points[name] === null,
  );
  if (mistake.outcome === "run") {
    // One that failed before is none to learn from.
    const judged = entryPoint === undefined ? Object.values(whole.entry_points) : [whole.entry_points[entryPoint]];
    if (judged.some((error) => error !== null)) return undefined;
    return failing.length === 0 ? told : undefined;
  }
  // A key that is passed over may make the command fail, too.
  return failing.length > 0 && mistake.also === undefined ? told : undefined;
}

describe("planted mistakes are mistakes to mlflow 3.17.2", { skip }, () => {
  let all: Spoiled[] = [];
  let after: Built[] = [];
  let whole = new Map<string, Built>();
  before(() => {
    const names = readdirSync(folder ?? "").filter((name) => name.endsWith(".MLproject"));
    const files = names
      .filter((_, index) => index % EVERY === 0)
      .map((name) => ({ name, text: readFileSync(join(folder ?? "", name), "utf8") }));
    all = spoil(files, randomFrom(SEED));
    const built = build([...files.map(({ text }) => text), ...all.map(({ text }) => text)]);
    whole = new Map(files.map(({ name }, index) => [name, built[index] ?? { load: "", entry_points: {} }]));
    after = built.slice(files.length);
  });

  test("each has the outcome that is said of it", (t) => {
    const denials = all.flatMap((spoiled, index) => {
      const [built, original] = [after[index], whole.get(spoiled.file)];
      return built === undefined || original === undefined ? [spoiled.file] : (denial(spoiled, built, original) ?? []);
    });
    t.diagnostic(`${all.length} mistakes of ${new Set(all.map(({ kind }) => kind)).size} kinds`);
    deepEqual(denials, []);
  });

  test("all three outcomes are among them", () => {
    for (const outcome of ["load", "run", "meant"])
      ok(all.filter(({ mistake }) => mistake.outcome === outcome).length > 50);
  });
});
