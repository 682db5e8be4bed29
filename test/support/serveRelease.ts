// Serves a database with the schema of an older mlflow that is there before the server is: MLflow's tests put its rows back
// between them, which the server must notice.
// Arguments: RELEASE PROGRAM DATABASE, then those of `flowdeck server`.
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { headOfRelease } from "../../src/store/sqlite/heads.ts";
import { createDatabase } from "../../src/store/sqlite/schema.ts";

const [node = "", , release = "", program = "", database = "", ...args] = process.argv;
const head = headOfRelease(release);
if (head === undefined) throw new Error(`The schema of mlflow ${release} is not known.`);
if (!existsSync(database)) createDatabase(database, "mlflow-artifacts:/", { head });
process.argv = [node, program, "server", "--backend-store-uri", `sqlite:///${database}`, ...args];
await import(pathToFileURL(program).href);
