import type { Scripts } from "./scriptFacts.ts";
import type { Workspace } from "./workspace.ts";

/** The folder as it is at this moment: each thing is asked of it once, however many entry points call the same script. */
export function rememberedWorkspace(workspace: Workspace): Workspace {
  const { scripts } = workspace;
  const read = remembered((path: string) => workspace.read(path));
  const remembering = {
    ...workspace,
    exists: remembered((path: string) => workspace.exists(path)),
    read,
    list: remembered((path: string) => workspace.list(path)),
  };
  return scripts === undefined ? remembering : { ...remembering, scripts: rememberedScripts(scripts) };
}

function rememberedScripts(scripts: Scripts): Scripts {
  const interfaces = new Map<string, ReturnType<Scripts["interfaceOf"]>>();
  return {
    file: remembered((path: string) => scripts.file(path)),
    interfaceOf: (path, roots) => {
      const key = [path, ...roots].join("\n");
      if (!interfaces.has(key)) interfaces.set(key, scripts.interfaceOf(path, roots));
      return interfaces.get(key);
    },
  };
}

function remembered<T>(ask: (path: string) => T): (path: string) => T {
  const known = new Map<string, { answer: T }>();
  return (path) => {
    const found = known.get(path) ?? { answer: ask(path) };
    known.set(path, found);
    return found.answer;
  };
}
