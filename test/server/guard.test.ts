import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOf } from "../../src/server/answers.ts";
import { type Access, refuse } from "../../src/server/guard.ts";
import { defaultHosts } from "../../src/server/hosts.ts";

const open: Access = {
  mode: "open",
  allowedHosts: defaultHosts("127.0.0.1"),
  allowedOrigins: [],
  frameOptions: "SAMEORIGIN",
  unguarded: false,
};
const API = "/api/2.0/mlflow/runs/create";

const closed: Access = { ...open, mode: "token", token: "secret" };
const auto: Access = { ...open, mode: "auto", token: "secret" };
const listed: Access = { ...open, allowedOrigins: ["https://*.example"] };
const anyone: Access = { ...open, allowedOrigins: ["*"] };
const everywhere: Access = { ...open, allowedHosts: defaultHosts("0.0.0.0") };
const here = { host: "localhost:5000" };

/** Access, method, path, headers, status of the refusal (0 = may pass). */
const CASES: [string, Access, string, string, Record<string, string>, number][] = [
  ["this machine's name", open, "POST", API, here, 0],
  ["its name in capitals", open, "GET", API, { host: "LocalHost:5000" }, 0],
  ["this machine's address", open, "POST", API, { host: "127.0.0.1:5000" }, 0],
  ["IPv6", open, "POST", API, { host: "[::1]:5000" }, 0],
  ["a forwarded port", open, "GET", API, { host: "127.0.0.1:61000" }, 0],
  ["a name that resolves here", open, "GET", API, { host: "evil.example:5000" }, 403],
  ["a name that begins like ours", open, "GET", API, { host: "localhost.evil.example" }, 403],
  ["a name that ends like ours", open, "GET", API, { host: "evil-localhost:5000" }, 403],
  ["a name with a dot at its end", open, "GET", API, { host: "localhost.:5000" }, 403],
  ["a port that is none", open, "GET", API, { host: "localhost:evil.example" }, 403],
  ["a port beyond all ports", open, "GET", API, { host: "localhost:70000" }, 403],
  ["port 0", open, "GET", API, { host: "localhost:0" }, 403],
  ["an empty port", open, "GET", API, { host: "localhost:" }, 403],
  ["a person before our name", open, "GET", API, { host: "evil.example@localhost" }, 403],
  ["two hosts", open, "GET", API, { host: "localhost, evil.example" }, 403],
  ["another address of this machine", open, "GET", API, { host: "127.0.0.2:5000" }, 403],
  ["no address", open, "GET", API, { host: "0.0.0.0:5000" }, 403],
  ["our address as a number", open, "GET", API, { host: "2130706433:5000" }, 403],
  ["our address in IPv6's clothes", open, "GET", API, { host: "[::ffff:127.0.0.1]:5000" }, 403],
  ["no Host", open, "GET", API, {}, 403],
  ["a private network's address", open, "GET", API, { host: "192.168.0.9:5000" }, 403],
  ["the same when listening everywhere", everywhere, "GET", API, { host: "192.168.0.9:5000" }, 0],
  ["a private address of IPv6 there", everywhere, "GET", API, { host: "[fd12:3456::1]:5000" }, 0],
  ["a name that looks like a private address there", everywhere, "GET", API, { host: "10.evil.example" }, 403],
  ["a public address there", everywhere, "GET", API, { host: "172.32.0.1:5000" }, 403],
  ["health for any Host", open, "GET", "/health", { host: "evil.example" }, 0],
  ["health for a page of another origin", open, "GET", "/health", { ...here, origin: "http://evil.example" }, 403],
  ["a foreign page that changes", open, "POST", API, { ...here, origin: "https://evil.example" }, 403],
  ["a foreign page that reads", open, "GET", API, { ...here, origin: "https://evil.example" }, 403],
  ["a page of another program here", open, "POST", API, { ...here, origin: "http://localhost:3000" }, 403],
  ["a page of our other name", open, "POST", API, { ...here, origin: "http://127.0.0.1:5000" }, 403],
  ["a page of our own", open, "POST", API, { ...here, origin: "http://localhost:5000" }, 0],
  ["a page of our own behind TLS", open, "POST", API, { ...here, origin: "https://localhost:5000" }, 0],
  ["a sandboxed page", open, "POST", API, { ...here, origin: "null" }, 403],
  ["an origin that says nothing", open, "POST", API, { ...here, origin: "" }, 403],
  ["an image in a foreign page", open, "GET", API, { ...here, "sec-fetch-site": "cross-site" }, 403],
  ["a script in a page of another port", open, "GET", API, { ...here, "sec-fetch-site": "same-site" }, 403],
  [
    "a link in a foreign page",
    open,
    "GET",
    "/",
    { ...here, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    0,
  ],
  [
    "a form in a foreign page",
    open,
    "POST",
    API,
    { ...here, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    403,
  ],
  ["our own page's request", open, "GET", API, { ...here, "sec-fetch-site": "same-origin" }, 0],
  ["an address typed by a person", open, "GET", API, { ...here, "sec-fetch-site": "none" }, 0],
  ["a listed page", listed, "POST", API, { ...here, origin: "https://a.example" }, 0],
  ["a page that only looks listed", listed, "POST", API, { ...here, origin: "https://a.example.evil" }, 403],
  ["an image in a page that is not told", listed, "GET", API, { ...here, "sec-fetch-site": "cross-site" }, 403],
  ["an image where all pages may ask", anyone, "GET", API, { ...here, "sec-fetch-site": "cross-site" }, 0],
  ["an origin with a path", listed, "POST", API, { ...here, origin: "https://evil/.example" }, 403],
  ["no token", closed, "GET", API, here, 401],
  ["a wrong token", closed, "GET", API, { ...here, authorization: "Bearer secre" }, 401],
  ["an empty token", closed, "GET", API, { ...here, authorization: "Bearer " }, 401],
  ["the token by another scheme", closed, "GET", API, { ...here, authorization: "Basic secret" }, 401],
  ["the token", closed, "GET", API, { ...here, authorization: "Bearer secret" }, 0],
  ["a foreign Host with the token", closed, "GET", API, { host: "a.example", authorization: "Bearer secret" }, 403],
  ["a lease without token", closed, "POST", "/flowdeck/lease", here, 401],
  ["the page, which tells little", closed, "GET", "/", here, 0],
  ["another user", auto, "GET", API, here, 401],
  ["another user with the token", auto, "GET", API, { ...here, authorization: "Bearer secret" }, 0],
  ["nothing checked", { ...open, unguarded: true }, "POST", API, { host: "a.example", origin: "https://a.example" }, 0],
];

for (const [what, access, method, path, headers, status] of CASES) {
  test(`${status === 0 ? "may pass" : "is refused"}: ${what}`, () => {
    const refusal = refuse(access, { method, path, headers, isSameUser: () => false });
    assert.equal(refusal === undefined ? 0 : toldOf(refusal).status, status);
  });
}

test("the server's own user needs no token where the system tells users apart", () => {
  const asked = { method: "GET", path: API, headers: here, isSameUser: () => true };
  assert.equal(refuse(auto, asked), undefined);
  assert.equal(refuse({ ...open, mode: "auto" }, asked), undefined);
  assert.notEqual(refuse(closed, asked), undefined);
});

test("a URL as target is asked by the name in it", () => {
  const asked = { method: "GET", path: API, headers: here, isSameUser: () => false };
  assert.equal(refuse(open, { ...asked, authority: "localhost:5000" }), undefined);
  assert.notEqual(refuse(open, { ...asked, authority: "evil.example" }), undefined);
});
