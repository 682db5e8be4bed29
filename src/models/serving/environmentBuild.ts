import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { outputOf } from "../../processes/processes.ts";

// mlflow (3.17) takes an environment's folder for a whole environment, also when its build was ended midway: then the server that PATH
// has first is started instead, with the packages of another Python.

/** mlflow says that it starts the server that loads the model. */
export function isLaunch(line: string): boolean {
  return /=== Running command .*\b(?:uvicorn|gunicorn|waitress-serve) /.test(line);
}

/** ms that conda gets to remove what it was making. */
const REMOVAL = 15_000;

/** Follows the making of an environment by what mlflow says of it. */
export class EnvironmentBuild {
  /** Folder that is being filled, or conda's name of it. */
  #building: string | undefined;

  /** Reads a line of the log; gives the folder of an environment that mlflow finds there and that cannot serve. */
  read(line: string): string | undefined {
    // What is removed must be a folder that mlflow names so: others may print such a line, too.
    const begun =
      /Creating a new environment in (\/.+\/mlflow-[0-9a-f]{40}) with /.exec(line)?.[1] ??
      /=== Creating conda environment (mlflow-[0-9a-f]{40}) ===/.exec(line)?.[1];
    if (begun !== undefined) this.#building ??= begun;
    if (isLaunch(line)) this.#building = undefined;
    const found = /Environment (.+) already exists$/.exec(line)?.[1];
    return found !== undefined && !canServe(found) ? found : undefined;
  }

  /** Removes what was made when the build is ended; `env` is that of mlflow, which says where conda is. */
  async remove(env: NodeJS.ProcessEnv): Promise<void> {
    const made = this.#building;
    this.#building = undefined;
    if (made?.startsWith("/") === true) rmSync(made, { recursive: true, force: true });
    else if (made !== undefined) {
      await outputOf(condaOf(env), ["env", "remove", "-n", made, "--yes"], { env, timeout: REMOVAL });
    }
  }
}

/** Where mlflow looks for it. */
function condaOf({ MLFLOW_CONDA_HOME: home, CONDA_EXE: program }: NodeJS.ProcessEnv): string {
  if (home !== undefined) return join(home, "bin/conda");
  return program === undefined ? "conda" : join(dirname(program), "conda");
}

function canServe(folder: string): boolean {
  return ["uvicorn", "gunicorn"].some((program) => existsSync(join(folder, "bin", program)));
}
