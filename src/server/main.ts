// Entry of the detached tracking server.
import { runServer } from "./server.ts";

process.exitCode = await runServer(process.argv.slice(2));
