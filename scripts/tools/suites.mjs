// The test suites: which files they hold, and what each of them is run with.
import { existsSync, readdirSync, readFileSync, statfsSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "./run.mjs";

/** Folders of test/ that are suites of their own; every other folder is a room of the unit suite. */
const OWN_FOLDERS = ["integration", "conformance", "e2e", "long"];
const NO_TESTS = ["fixtures", "support"];

/**
 * `concurrency` is how many of a suite's programs run at a time; `perTest` and `whole` are time limits in ms; `mustRun` suites
 * may not be skipped in CI; the temporary folders of `inMemory` suites are in memory, so that hundreds of small databases wait
 * for no disk; files of the same room of `together` suites share programs. Files of `alone` measure by the clock: they run
 * first, one after another, with nothing beside them.
 */
export const SUITES = {
  unit: { concurrency: 3, perTest: 150_000, whole: 300_000, mustRun: false, inMemory: true, together: true },
  integration: { concurrency: 3, perTest: 300_000, whole: 3_600_000, mustRun: false, alone: ["predict"] },
  conformance: { concurrency: 3, perTest: 600_000, whole: 3_600_000, mustRun: true },
  e2e: { concurrency: 2, perTest: 900_000, whole: 3_600_000, mustRun: true, alone: ["measures", "walk", "predict"] },
  long: { concurrency: 1, perTest: 7_200_000, whole: 14_400_000, mustRun: false },
};

/** Test files of a suite, sorted. */
export function filesOf(suite) {
  const entries = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" });
  const files = entries.filter((path) => path.endsWith(".test.ts")).map((path) => join("test", path));
  return files.sort().filter((path) => {
    const folder = path.split(/[\\/]/)[1];
    if (NO_TESTS.includes(folder)) return false;
    return suite === "unit" ? !OWN_FOLDERS.includes(folder) : folder === suite;
  });
}

/** The programs that run `files` of a suite: { files, alone }. */
export function programsOf(suite, files) {
  const { together, alone = [] } = SUITES[suite];
  const lists = together ? byRoom(files) : files.map((file) => [file]);
  return lists.map((list) => ({ files: list, alone: list.some((file) => alone.includes(basename(file, ".test.ts"))) }));
}

/** What changes the state of its whole program needs one of its own. */
const CHANGES_ITS_PROGRAM = /process\.env\[[^\]]+\] = |process\.env, |mock\.timers|^(before|after)Each\(/m;

/** Files of a program that several share. */
const TOGETHER = 15;

/** A few files of the same room in each program: to start one takes as long as most of them do. */
function byRoom(files) {
  const programs = new Map();
  for (const file of files) {
    const changes = CHANGES_ITS_PROGRAM.test(readFileSync(join(root, file), "utf8"));
    const room = file.split(/[\\/]/)[1];
    const ofRoom = [...programs.keys()].filter((key) => key.startsWith(`${room}/`));
    const key = changes
      ? file
      : (ofRoom.find((one) => programs.get(one).length < TOGETHER) ?? `${room}/${ofRoom.length}`);
    programs.set(key, [...(programs.get(key) ?? []), file]);
  }
  return [...programs.values()];
}

/** Variables for the programs of a suite. */
export function environmentOf(suite) {
  const folder = "/dev/shm";
  if (SUITES[suite].inMemory !== true || !existsSync(folder)) return {};
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > 2 ** 30 ? { TMPDIR: folder } : {};
}
