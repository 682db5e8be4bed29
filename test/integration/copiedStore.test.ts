import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { shared, skipWithout, temporaryFolder } from "../support/environment.ts";
import { rawRequest } from "../support/rawHttp.ts";
import { startService } from "../support/service.ts";

// Stores of real releases, copied to another folder than they were written in, through the server.

interface Truth {
  artifacts: Record<string, { path: string; is_dir: boolean; size: number | null; sha256?: string }[]>;
}

const skip = skipWithout(shared("interop"), "shared/interop");

for (const [version, kind] of [
  ["1.30.1", "sqlite"],
  ["2.22.5", "sqlite"],
  ["3.17.2", "sqlite"],
  ["2.9.2", "file"],
  ["3.6.0", "file"],
] as const) {
  describe(`the ${kind} store of mlflow ${version}, copied`, { skip }, async () => {
    if (skip) return;
    const folder = temporaryFolder();
    execFileSync("tar", ["-xzf", shared("interop", version, `${kind}.tar.gz`) ?? "", "-C", folder]);
    const here = join(folder, "copied");
    renameSync(join(folder, version, kind), here);
    const uri = kind === "sqlite" ? `sqlite:///${join(here, "mlflow.db")}` : join(here, "mlruns");
    const { url, errors } = await startService(["--backend-store-uri", uri, "--access", "open"]);
    const text = readFileSync(shared("interop", version, `${kind}.truth.json`) ?? "", "utf8");
    const { artifacts } = JSON.parse(text) as Truth;

    it("sends and lists each run's artifacts", async () => {
      let compared = 0;
      for (const [run_id, files] of Object.entries(artifacts)) {
        for (const { path, is_dir, size, sha256 } of files) {
          const name = encodeURIComponent(path);
          if (is_dir) {
            const list = await rawRequest(url, "GET", `/api/2.0/mlflow/artifacts/list?run_id=${run_id}&path=${name}`);
            assert.equal(list.status, 200, path);
          } else {
            const sent = await rawRequest(url, "GET", `/get-artifact?run_id=${run_id}&path=${name}`);
            const bytes = Buffer.from(sent.body, "latin1");
            assert.deepEqual([sent.status, bytes.length], [200, size], path);
            if (sha256 === undefined) continue;
            assert.equal(createHash("sha256").update(bytes).digest("hex"), sha256, path);
            compared += 1;
          }
        }
      }
      assert.ok(compared > 0);
      assert.deepEqual(errors, []);
    });
  });
}
