// What a task of type `mlproject` says, as words of `flowdeck run`. No vscode: tested as a table.

/** A task as it stands in tasks.json (its schema is in package.json), but for its type. */
export interface TaskWords {
  entryPoint?: string;
  /** Folder of the MLproject file; relative to the workspace folder. */
  project?: string;
  parameters?: Record<string, string | number | boolean>;
  envManager?: string;
  experimentName?: string;
  runName?: string;
}

/** What settings say where the task does not. */
export interface TaskDefaults {
  envManager: string;
  paramQuoting: string;
  /** Absent: whichever is found. */
  python: string | undefined;
}

export function taskFlags(task: TaskWords, { envManager, paramQuoting, python }: TaskDefaults): string[] {
  const manager = task.envManager ?? envManager;
  const named = {
    "--entry-point": task.entryPoint ?? "main",
    "--env-manager": manager === "auto" ? undefined : manager,
    "--python": python,
    "--param-quoting": paramQuoting === "raw" ? undefined : paramQuoting,
    "--experiment-name": task.experimentName,
    "--run-name": task.runName,
  };
  return [
    ...Object.entries(named).flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])),
    ...Object.entries(task.parameters ?? {}).flatMap(([name, value]) => ["-P", `${name}=${String(value)}`]),
  ];
}
