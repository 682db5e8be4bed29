// Serves a database that, when it is new, has the schema of an older mlflow, as beside an interpreter that has that mlflow.
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
