import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openStore } from "../../src/store/open.ts";
import { memoryFolder } from "../support/environment.ts";
import { modelCases } from "../support/modelCases.ts";

const folder = memoryFolder();

modelCases("sqlite", openStore(`sqlite:///${join(folder, "mlflow.db")}`));
modelCases("files", openStore(pathToFileURL(join(folder, "mlruns")).href));
