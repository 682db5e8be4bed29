// Answers the tests: a POST holds the body of an async function of `vscode`, the answer is what it returns as JSON.
// Only with FLOWDECK_FIXTURE set, only for who read the token from that file.
const { randomBytes } = require("node:crypto");
const { writeFileSync } = require("node:fs");
const { createServer } = require("node:http");
const vscode = require("vscode");

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;

exports.activate = (context) => {
  const file = process.env.FLOWDECK_FIXTURE;
  if (file === undefined) return;
  const token = randomBytes(16).toString("hex");
  const answer = async (request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(403).end();
    let body = "";
    for await (const chunk of request) body += chunk;
    try {
      const value = await new AsyncFunction("vscode", "require", body)(vscode, require);
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
