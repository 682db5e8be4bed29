import assert from "node:assert/strict";
import { test } from "node:test";
import { type Access, defaultHosts, refuse } from "../../src/server/guard.ts";

const open: Access = {
  allowedHosts: defaultHosts("127.0.0.1"),
  allowedOrigins: [],
  frameOptions: "SAMEORIGIN",
  unguarded: false,
};
const API = "/api/2.0/mlflow/runs/create";

/** Access, method, path, headers, status of the refusal (0 = may pass). */
const CASES: [string, Access, string, string, Record<string, string>, number][] = [
  ["this machine's name", open, "POST", API, { host: "localhost:5000" }, 0],
  ["this machine's address", open, "POST", API, { host: "127.0.0.1:5000" }, 0],
  ["IPv6", open, "POST", API, { host: "[::1]:5000" }, 0],
  ["a name that resolves here", open, "GET", API, { host: "evil.example:5000" }, 403],
  ["a name that begins like ours", open, "GET", API, { host: "localhost.evil.example" }, 403],
  ["no Host", open, "GET", API, {}, 403],
  ["a private network's address", open, "GET", API, { host: "192.168.0.9:5000" }, 403],
  [
    "the same when listening everywhere",
    { ...open, allowedHosts: defaultHosts("0.0.0.0") },
    "GET",
    API,
    { host: "192.168.0.9:5000" },
    0,
  ],
  ["health for any Host", open, "GET", "/health", { host: "evil.example" }, 0],
  ["a foreign page that changes", open, "POST", API, { host: "localhost", origin: "https://evil.example" }, 403],
  ["a foreign page that reads", open, "GET", API, { host: "localhost", origin: "https://evil.example" }, 0],
  ["a page of this machine", open, "POST", API, { host: "localhost", origin: "http://localhost:3000" }, 0],
  ["a sandboxed page", open, "POST", API, { host: "localhost", origin: "null" }, 403],
  [
    "an allowed page",
    { ...open, allowedOrigins: ["https://*.example"] },
    "POST",
    API,
    { host: "localhost", origin: "https://a.example" },
    0,
  ],
  ["no token", { ...open, token: "secret" }, "GET", API, { host: "localhost" }, 401],
  [
    "a wrong token",
    { ...open, token: "secret" },
    "GET",
    API,
    { host: "localhost", authorization: "Bearer secre" },
    401,
  ],
  ["the token", { ...open, token: "secret" }, "GET", API, { host: "localhost", authorization: "Bearer secret" }, 0],
  [
    "the token with a foreign Host",
    { ...open, token: "secret" },
    "GET",
    API,
    { host: "evil.example", authorization: "Bearer secret" },
    403,
  ],
  ["a lease without token", { ...open, token: "secret" }, "POST", "/flowdeck/lease", { host: "localhost" }, 401],
  [
    "nothing checked",
    { ...open, unguarded: true },
    "POST",
    API,
    { host: "evil.example", origin: "https://evil.example" },
    0,
  ],
];

for (const [what, access, method, path, headers, status] of CASES) {
  test(`${status === 0 ? "may pass" : "is refused"}: ${what}`, () => {
    assert.equal(refuse(access, { method, path, headers })?.status ?? 0, status);
  });
}
