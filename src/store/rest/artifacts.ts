import { access } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { FileInfo } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import type { ArtifactStore } from "../artifactStore.ts";
import type { TrackingStore } from "../trackingStore.ts";
import type { RestClient } from "./client.ts";
import { readFileInfo, readPage } from "./read.ts";

export function artifactMethods({ call }: RestClient, runs: Pick<TrackingStore, "getRun">): ArtifactStore {
  return {
    async listArtifacts(query) {
      const files: FileInfo[] = [];
      let page_token: string | undefined;
      do {
        const argument = { ...query, page_token };
        const page = readPage(await call({ method: "GET", path: "artifacts/list", argument }), "files", readFileInfo);
        files.push(...page.items);
        page_token = page.next_page_token;
      } while (page_token !== undefined);
      return files;
    },
    async localArtifactPath({ run_id, path }) {
      const { info } = await runs.getRun({ run_id });
      const root = localFolder(info.artifact_uri);
      const inside = normalize(path);
      const leaves = isAbsolute(inside) || inside === ".." || inside.startsWith(`..${sep}`);
      const file = root === undefined || leaves ? undefined : join(root, inside);
      const there =
        file !== undefined &&
        (await access(file).then(
          () => true,
          () => false,
        ));
      if (file === undefined || !there) {
        throw new MlflowError(
          "RESOURCE_DOES_NOT_EXIST",
          `The artifact ${path} of run ${run_id} is not a file of this machine.`,
        );
      }
      return { file };
    },
  };
}

function localFolder(artifact_uri: string): string | undefined {
  if (isAbsolute(artifact_uri)) return artifact_uri;
  return artifact_uri.startsWith("file:///") ? fileURLToPath(artifact_uri) : undefined;
}
