// What an `import` binds: a file beside the script is run, a package is only named.
import type { ImportNode } from "./syntax.ts";
import type { Scope, SourceFile, Value } from "./values.ts";
import { UNKNOWN } from "./values.ts";

export interface Importing {
  resolve(level: number, module: string): SourceFile | undefined;
  run(file: SourceFile): Value;
  member(of: Value, name: string): Value;
  /** Packages that are not here. */
  packages: Set<string>;
}

/** Binds the names of `statement` in `scope`. */
export function runImport(statement: ImportNode, scope: Scope, importing: Importing): void {
  const { level, module, names } = statement;
  const bound = (path: string, itemLevel: number): Value => {
    const file = importing.resolve(itemLevel, path);
    if (file !== undefined) return importing.run(file);
    if (itemLevel === 0)
      importing.packages.add(path.startsWith("hydra.core") ? "hydra.core" : (path.split(".")[0] ?? path));
    return itemLevel === 0 ? { kind: "external", path } : UNKNOWN;
  };
  if (names === undefined) {
    if (statement.as !== undefined) scope.names.set(statement.as, bound(module, level));
    else {
      const [first = module] = module.split(".");
      const found = bound(module, level);
      scope.names.set(first, found.kind === "module" && first !== module ? UNKNOWN : { kind: "external", path: first });
      if (found.kind === "module" && first === module) scope.names.set(first, found);
    }
    return;
  }
  const from = module === "" ? UNKNOWN : bound(module, level);
  for (const { name, as } of names) {
    if (name === "*") {
      if (from.kind === "module") for (const [key, value] of from.module.names) scope.names.set(key, value);
      continue;
    }
    const member = from.kind === "unknown" ? UNKNOWN : importing.member(from, name);
    const path = module === "" ? name : `${module}.${name}`;
    const submodule = member.kind === "unknown" ? importing.resolve(level, path) : undefined;
    scope.names.set(as, submodule === undefined ? member : importing.run(submodule));
  }
}
