// Alone, since a window asks for it before it reads any YAML.

/** The MLproject file among the names of a folder: `mlproject` in any letter case, the first found (as mlflow 3.17.2). */
export function findMlprojectName(fileNames: readonly string[]): string | undefined {
  return fileNames.find((name) => name.toLowerCase() === "mlproject");
}
