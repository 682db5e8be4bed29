// Entry: owns one scoring server, `mlflow models serve`, as long as a window has it. `node dist/serve.js < REQUEST`
import { text } from "node:stream/consumers";
import { OwnedServer } from "./serving/ownedServer.ts";
import { readRequest } from "./serving/stateFile.ts";

const server = new OwnedServer(readRequest(await text(process.stdin)));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => server.stop());
await server.run();
