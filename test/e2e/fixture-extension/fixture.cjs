// Answers the tests: a POST holds the body of an async function of `vscode`, `require` and `fixture`, the answer is what it returns as JSON.
// Only with FLOWDECK_FIXTURE set, only for who read the token from that file.
const { randomBytes } = require("node:crypto");
const { writeFileSync } = require("node:fs");
const { createServer } = require("node:http");
const vscode = require("vscode");

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;

/** CPU time in ms of the host's main thread while Flowdeck was loaded and activated; undefined where another event was first. */
exports.activationCpu = undefined;

async function activateFlowdeck() {
  const flowdeck = vscode.extensions.getExtension("flowdeck.flowdeck");
  if (flowdeck === undefined || flowdeck.isActive) return;
  const started = process.threadCpuUsage();
  await flowdeck.activate();
  const { user, system } = process.threadCpuUsage(started);
  exports.activationCpu = (user + system) / 1000;
}

exports.activate = async (context) => {
  const file = process.env.FLOWDECK_FIXTURE;
  if (file === undefined) return;
  if (process.env.FLOWDECK_FIXTURE_ACTIVATES === "true") await activateFlowdeck();
  const token = randomBytes(16).toString("hex");
  const answer = async (request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(403).end();
    let body = "";
    for await (const chunk of request) body += chunk;
    try {
      const value = await new AsyncFunction("vscode", "require", "fixture", body)(vscode, require, exports);
      response.end(JSON.stringify({ value: value ?? null }));
    } catch (error) {
      response.end(JSON.stringify({ error: String(error.stack ?? error) }));
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.destroy(error));
  });
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    writeFileSync(file, JSON.stringify({ port, token, pid: process.pid }), { mode: 0o600 });
  });
  context.subscriptions.push({ dispose: () => server.close() });
};
