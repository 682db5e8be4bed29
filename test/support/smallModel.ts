import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./environment.ts";

/** A pyfunc model on disk that is no more than its Python file, for a Python of any release. */
export function smallModel(loader: string, requirements: readonly string[] = [], python = "3.11.7"): string {
  const folder = temporaryFolder("flowdeck-model-");
  const files: Record<string, string> = {
    MLmodel: MLMODEL,
    "code/small_model.py": loader,
    "requirements.txt": `${requirements.join("\n")}\n`,
    "python_env.yaml": `python: ${python}\ndependencies:\n- -r requirements.txt\n`,
    "conda.yaml": `dependencies:\n- python=${python}\n- pip\n- pip: ${JSON.stringify(requirements)}\nname: mlflow-env\n`,
  };
  mkdirSync(join(folder, "code"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Answers the double of column `a`. */
export function doublingModel(requirements: readonly string[] = [], python?: string): string {
  return smallModel(DOUBLING, requirements, python);
}

const MLMODEL = `
flavors:
  python_function:
    loader_module: small_model
    code: code
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
`;

const DOUBLING = `
class Model:
    def predict(self, data):
        return (data["a"] * 2).tolist()

def _load_pyfunc(path):
    return Model()
`;
