import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../support/environment.ts";
import { startServer } from "../support/server.ts";

const MIB = 1024 * 1024;

/** Sends `size` MiB of zeros. */
function upload(url: string, size: number): Promise<number> {
  return new Promise((done, fail) => {
    const sent = request(url, { method: "PUT", headers: { "Content-Length": size * MIB } }, (answer) => {
      answer.resume().on("end", () => done(answer.statusCode ?? 0));
    });
    sent.on("error", fail);
    const piece = Buffer.alloc(MIB);
    let left = size;
    const more = () => {
      while (left > 0) {
        left -= 1;
        if (!sent.write(piece)) return void sent.once("drain", more);
      }
      sent.end();
    };
    more();
  });
}

/** Bytes that came. */
function download(url: string): Promise<number> {
  return new Promise((done, fail) => {
    request(url, (answer) => {
      let bytes = 0;
      answer.on("data", (chunk: Buffer) => (bytes += chunk.length)).on("end", () => done(bytes));
      answer.on("error", fail);
    })
      .on("error", fail)
      .end();
  });
}

const skip = existsSync("/proc/self/status") ? false : "there is no /proc, which tells the memory of a process";

test("a GiB goes up and comes down in memory that does not grow with it", { skip }, async (context) => {
  const folder = temporaryFolder();
  const places = [
    "--backend-store-uri",
    `sqlite:///${join(folder, "mlflow.db")}`,
    "--artifacts-destination",
    "artifacts",
  ];
  const server = await startServer([...places, "--port", "0", "--access", "open"], { cwd: folder });
  const url = `${server.url}/api/2.0/mlflow-artifacts/artifacts/a.bin`;
  const peak = () =>
    Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.process.pid}/status`, "utf8"))?.[1]) / 1024;
  const peaks: number[] = [];
  for (const size of [64, 1024]) {
    assert.equal(await upload(url, size), 200);
    assert.equal(await download(url), size * MIB);
    peaks.push(peak());
  }
  const [small = 0, large = 0] = peaks;
  context.diagnostic(`peak memory: ${Math.round(small)} MB after 64 MiB, ${Math.round(large)} MB after 1 GiB`);
  assert.ok(large - small < 128, `${small} MB, then ${large} MB`);
});
