// What the checkers say of each entry point, kept as long as its text and all that they asked of the folder are the same.
import type { EntryPoint, MlprojectDocument, Problem } from "../../projects/document.ts";
import { movedProblem, originOf } from "../../projects/entryPointMemory.ts";
import { ENTRY_POINT_CHECKERS } from "./checkers.ts";
import type { Workspace } from "./workspace.ts";

interface Question {
  ask(workspace: Workspace): unknown;
  answer: unknown;
}

interface Kept {
  about: string;
  asked: Question[];
  /** Places count from the beginning of the entry point's text. */
  problems: Problem[];
}

const kept = new WeakMap<EntryPoint, Kept>();

/** What the entry-point checkers say of a file. */
export function checkEntryPoints(document: MlprojectDocument, workspace: Workspace): Problem[] {
  return document.entryPoints.flatMap((entryPoint) => {
    const origin = originOf(entryPoint);
    if (origin === undefined) return check({ ...document, entryPoints: [entryPoint] }, workspace);
    const { at, text } = origin;
    const known = kept.get(origin.entryPoint);
    const about = aboutAll(document, workspace);
    if (known?.about === about && known.asked.every(({ ask, answer }) => isSame(ask(workspace), answer))) {
      return known.problems.map((problem) => movedProblem(problem, at));
    }
    const asked: Question[] = [];
    const alone = { ...document, text, entryPoints: [origin.entryPoint], problems: [] };
    const problems = check(alone, noting(workspace, asked));
    kept.set(origin.entryPoint, { about, asked, problems });
    return problems.map((problem) => movedProblem(problem, at));
  });
}

function check(document: MlprojectDocument, workspace: Workspace): Problem[] {
  return ENTRY_POINT_CHECKERS.flatMap((checker) => checker(document, workspace));
}

/** What checkers see of the rest of the file, and of the folder without asking. */
function aboutAll({ environment, name }: MlprojectDocument, { fileName, scripts }: Workspace): string {
  return JSON.stringify([environment?.kind, environment?.path, name, fileName, scripts === undefined]);
}

/** The folder, and a note of each thing that is asked of it. */
function noting(workspace: Workspace, asked: Question[]): Workspace {
  const note = <T>(ask: (workspace: Workspace) => T): T => {
    const answer = ask(workspace);
    asked.push({ ask, answer });
    return answer;
  };
  const scripts: Workspace["scripts"] = {
    interfaceOf: (path, roots) => note((folder) => folder.scripts?.interfaceOf(path, roots)),
    file: (path) => note((folder) => folder.scripts?.file(path)),
  };
  return {
    ...workspace,
    exists: (path) => note((folder) => folder.exists(path)),
    read: (path) => note((folder) => folder.read(path)),
    list: (path) => note((folder) => folder.list(path)),
    ...(workspace.scripts === undefined ? {} : { scripts }),
  };
}

function isSame(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((one, index) => one === b[index]);
}
