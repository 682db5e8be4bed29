import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { temporaryFolder, whenOver } from "./environment.ts";
import { gitIn, startGitServer } from "./gitServer.ts";
import { SEEN } from "./projectRuns.ts";
import { PLAIN } from "./projectShapes.ts";
import { startCloud, type RecordingCloud } from "./recordingCloud.ts";
import { recordingPrograms, startDockerDaemon, type DockerDaemon, type Programs } from "./recordingPrograms.ts";
import { startServer, type TestServer } from "./runner.ts";

/** What the project shapes come from and are logged to, all on this machine. */
export interface ProjectGround {
  /** Folder of everything; `local` in it is a repository. */
  work: string;
  server: TestServer;
  programs: Programs;
  daemon: DockerDaemon;
  cloud: RecordingCloud;
  /** Address of the repositories. */
  gitHost: string;
  /** Address of the files in `work`. */
  fileHost: string;
  /** First commit of the repository, which is tagged v1. */
  commit: string;
  /** A run with the artifact data/one.txt. */
  datasetRun: string;
}

export async function projectGround(python: string, version: string): Promise<ProjectGround> {
  const work = await realpath(temporaryFolder("flowdeck-differential-"));
  const prefix = execFileSync(python, ["-c", "import sys; print(sys.base_prefix)"], { encoding: "utf8" }).trim();
  const commit = await makeRepositories(work);
  makeArchives(python, work);
  await makePlugin(work);
  const server = await startServer();
  return {
    ...{ work, server, commit },
    programs: await recordingPrograms({ prefix, version }),
    daemon: await startDockerDaemon(),
    cloud: await startCloud(server),
    gitHost: await startGitServer(join(work, "hosted")),
    fileHost: await startFileHost(work),
    datasetRun: await makeDataset(server),
  };
}

async function makeRepositories(work: string): Promise<string> {
  const local = join(work, "local");
  await mkdir(join(local, "sub"), { recursive: true });
  const git = gitIn(local);
  git("init", "--quiet", "--initial-branch", "trunk");
  for (const [name, text] of Object.entries({ MLproject: PLAIN, "seen.py": SEEN }))
    await writeFile(join(local, "sub", name), text);
  git("add", ".");
  git("commit", "--quiet", "-m", "one");
  git("tag", "v1");
  const commit = git("rev-parse", "HEAD");
  git("checkout", "--quiet", "-b", "feature");
  await writeFile(join(local, "sub/MLproject"), PLAIN.replace("default: 1", "default: feature"));
  git("commit", "--quiet", "-a", "-m", "two");
  git("checkout", "--quiet", "trunk");
  await writeFile(join(local, "sub/MLproject"), PLAIN.replace("default: 1", "default: three"));
  git("commit", "--quiet", "-a", "-m", "three");
  await mkdir(join(work, "hosted"), { recursive: true });
  gitIn(work)("clone", "--quiet", "--bare", local, "hosted/repo.git");
  const docker = join(work, "docker");
  await mkdir(docker);
  await writeFile(join(docker, "MLproject"), `docker_env: {image: "base:1"}\n${PLAIN}`);
  const inDocker = gitIn(docker);
  inDocker("init", "--quiet");
  inDocker("add", ".");
  inDocker("commit", "--quiet", "-m", "one");
  gitIn(work)("clone", "--quiet", "--bare", docker, "hosted/docker.git");
  return commit;
}

function makeArchives(python: string, work: string): void {
  const script = `import sys, zipfile
for name, prefix in (("project.zip", ""), ("nested.zip", "sub/")):
    with zipfile.ZipFile(sys.argv[1] + "/" + name, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(prefix + "MLproject", sys.argv[2])
        archive.writestr(prefix + "seen.py", sys.argv[3])
`;
  execFileSync(python, ["-c", script, work, PLAIN, SEEN]);
}

/** A backend as a plugin brings it: found by its entry point, it runs nothing and tells what it is given. */
async function makePlugin(work: string): Promise<void> {
  const files: Record<string, string> = {
    "recorded_backend.py": `import json, os
from mlflow.projects.backend.abstract_backend import AbstractBackend
from mlflow.projects.submitted_run import SubmittedRun
from mlflow.projects.utils import fetch_and_validate_project, get_or_create_run

class Done(SubmittedRun):
    def __init__(self, run_id): self._run_id = run_id
    run_id = property(lambda self: self._run_id)
    def wait(self): return True
    def get_status(self): return "FINISHED"
    def cancel(self): pass

class Recorded(AbstractBackend):
    def run(self, project_uri, entry_point, params, version, backend_config, tracking_uri, experiment_id):
        with open(os.environ["SEEN"], "a") as file:
            print(json.dumps({"argv": [entry_point, json.dumps(params), json.dumps(backend_config)], "cwd": os.getcwd(), "variables": {}}), file=file)
        work_dir = fetch_and_validate_project(project_uri, version, entry_point, params)
        return Done(get_or_create_run(None, project_uri, experiment_id, work_dir, version, entry_point, params).info.run_id)
`,
    "recorded_backend-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: recorded-backend\nVersion: 1\n",
    "recorded_backend-1.dist-info/entry_points.txt": "[mlflow.project_backend]\nrecorded = recorded_backend:Recorded\n",
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(work, "plugin", name)), { recursive: true });
    await writeFile(join(work, "plugin", name), text);
  }
}

async function makeDataset(server: TestServer): Promise<string> {
  const { info } = await server.store.createRun({ experiment_id: "0", start_time: Date.now() });
  await mkdir(join(info.artifact_uri, "data"), { recursive: true });
  await writeFile(join(info.artifact_uri, "data/one.txt"), "1");
  return info.run_id;
}

async function startFileHost(work: string): Promise<string> {
  const host = createServer((request, response) => {
    readFile(join(work, request.url ?? "")).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  host.listen(0, "127.0.0.1");
  await once(host, "listening");
  whenOver(() => host.close());
  const address = host.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}
