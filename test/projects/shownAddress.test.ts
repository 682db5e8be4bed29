import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { downloadArtifact } from "../../src/projects/artifactTransfer.ts";
import { shownAddress, withoutCredentials } from "../../src/projects/git.ts";
import { gitProblem } from "../../src/projects/gitProblems.ts";
import { restStore } from "../../src/store/rest/store.ts";
import { temporaryFolder, whenOver } from "../support/environment.ts";

test("an address is shown without its secrets; what is fetched and kept has its query", () => {
  const uri = "https://me:pw@host/team/a.git?private_token=s3cret&ref=main#sub/p";
  assert.equal(shownAddress(uri), "https://host/team/a.git?private_token=***&ref=main#sub/p");
  assert.equal(withoutCredentials(uri), "https://host/team/a.git?private_token=s3cret&ref=main#sub/p");
  assert.equal(shownAddress("git@host:team/a.git"), "git@host:team/a.git");
  assert.equal(shownAddress("/home/me/a#sub"), "/home/me/a#sub");
  const told = gitProblem(uri, "fatal: repository 'https://host/team/a.git/' not found")?.message;
  assert.match(told ?? "", /no repository https:\/\/host\/team\/a\.git\?private_token=\*\*\*&ref=main/);
});

test("a signed address is asked for as it is, and told without its signature when it is refused", async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.writeHead(403).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  whenOver(() => server.close());
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const place = {
    store: restStore({ tracking_uri: origin }),
    tracking_uri: origin,
    stop: new AbortController().signal,
  };
  const path = "/data.csv?X-Amz-Expires=60&X-Amz-Signature=abc123";
  await assert.rejects(downloadArtifact(origin + path, temporaryFolder(), place), {
    message: `${origin} answered with status 403 for ${origin}/data.csv?X-Amz-Expires=60&X-Amz-Signature=***.`,
  });
  assert.deepEqual(asked, [path]);
});
