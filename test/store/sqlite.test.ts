import { join } from "node:path";
import { openStore, storeUri } from "../../src/store/open.ts";
import { temporaryFolder } from "../support/environment.ts";
import { writingContract } from "./contract.ts";

const store = openStore(storeUri(join(temporaryFolder(), "mlflow.db")));

writingContract("sqlite", async () => store);
