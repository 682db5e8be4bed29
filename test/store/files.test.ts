import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openStore } from "../../src/store/open.ts";
import { temporaryFolder } from "../support/environment.ts";
import { writingContract } from "./contract.ts";

const store = openStore(pathToFileURL(join(temporaryFolder(), "mlruns")).href);

writingContract("files", async () => store, "files");
