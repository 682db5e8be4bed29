import { once } from "node:events";
import { chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { temporaryFolder, whenOver } from "./environment.ts";

// Programs that are not on every machine, and that no test may wait for: each records how it is called and pretends the answer that is
// needed. They say what Flowdeck and MLflow ask of docker, conda and pyenv, not what those would do.

/** Appends its own name and its arguments to $RECORD, each ended by NUL, a call by the byte 1. */
const RECORD = `{ printf '%s\\0' "$(basename "$0")" "$@"; printf '\\1'; } >> "\${RECORD:-/dev/null}"`;

const DOCKER = `#!/bin/bash
${RECORD}
case "$1 $2" in
  "info ") [ -z "$DOCKER_DOWN" ] || exit 1 ;;
  "image inspect") [ "$3" = "absent:1" ] && [ ! -e "$RECORD.pulled" ] && exit 1; printf '[{"Id":"sha256:abc123","RepoTags":["%s"]}]' "$3" ;;
  "pull "*) touch "$RECORD.pulled" ;;
  "build "*) while [ $# -gt 1 ]; do [ "$1" = --file ] && cp "$2" "$RECORD.dockerfile"; shift; done; ls -A "$1" > "$RECORD.context" ;;
  "run "*) exit "\${CONTAINER_EXIT:-0}" ;;
esac
exit 0
`;

/** Environments are lines of $RECORD.envs. */
const CONDA = `#!/bin/bash
${RECORD}
case "$*" in
  "env list --json") printf '{"envs":["/conda"'; while read -r n; do printf ',"/conda/envs/%s"' "$n"; done 2>/dev/null < "$RECORD.envs"; printf ']}' ;;
  *create*) [ -n "$CONDA_FAILS" ] && exit 1; while [ $# -gt 0 ]; do [ "$1" = -n ] && echo "$2" >> "$RECORD.envs"; shift; done ;;
esac
exit 0
`;

const ACTIVATE = `printf 'activate\\0%s\\0\\1' "$1" >> "$RECORD"
`;

const CONDA_SH = `conda() { { printf 'conda()\\0'; printf '%s\\0' "$@"; printf '\\1'; } >> "$RECORD"; }
`;

/** pyenv with one Python installed: it answers where. */
const PYENV = `#!/bin/bash
case "$1" in
  root) echo "$(dirname "$(dirname "$(readlink -f "$0")")")/pyenv" ;;
  install) [ "$2" = --list ] && ls "$(dirname "$(dirname "$(readlink -f "$0")")")/pyenv/versions" ;;
esac
exit 0
`;

export interface Programs {
  /** Goes first on PATH. */
  bin: string;
  /** A conda installation that is not on PATH. */
  condaHome: string;
}

/** `python` is of version `version`, which pyenv claims to have installed. */
export async function recordingPrograms(python: { prefix: string; version: string }): Promise<Programs> {
  const folder = temporaryFolder("flowdeck-programs-");
  const programs: Record<string, string> = {
    "bin/docker": DOCKER,
    "bin/conda": CONDA,
    "bin/activate": ACTIVATE,
    "bin/pyenv": PYENV,
    "home/bin/conda": CONDA,
    "home/bin/mamba": CONDA,
    "home/etc/profile.d/conda.sh": CONDA_SH,
  };
  for (const [name, text] of Object.entries(programs)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o755);
  }
  await mkdir(join(folder, "pyenv/versions"), { recursive: true });
  await symlink(python.prefix, join(folder, "pyenv/versions", python.version));
  return { bin: join(folder, "bin"), condaHome: join(folder, "home") };
}

/** The recorded calls: program and arguments. */
export async function readRecord(file: string): Promise<string[][]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text
    .split("\u0001")
    .filter((call) => call !== "")
    .map((call) => call.split("\0").slice(0, -1));
}

export interface DockerDaemon {
  /** For DOCKER_HOST. */
  host: string;
  /** Method and path of each request, without the API's version. */
  requests: string[];
  /** The body of the last image build: a tar file, packed. */
  built: Buffer | undefined;
}

/** The daemon's HTTP API as far as Python's docker package needs it to find or build an image. */
export async function startDockerDaemon(): Promise<DockerDaemon> {
  const daemon: DockerDaemon = { host: "", requests: [], built: undefined };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const path = (request.url ?? "").replace(/^\/v[\d.]+/, "");
      daemon.requests.push(`${request.method} ${path}`);
      if (path.startsWith("/build")) daemon.built = Buffer.concat(parts);
      const tag = /[?&]t=([^&]*)/.exec(path)?.[1];
      if (tag !== undefined) built = decodeURIComponent(tag);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answerOf(path, built)));
    });
  });
  let built = "built";
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  whenOver(() => server.close());
  const address = server.address();
  daemon.host = `tcp://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  return daemon;
}

function answerOf(path: string, built: string): unknown {
  if (path === "/version") return { ApiVersion: "1.47", Version: "27" };
  if (path.startsWith("/build")) return { stream: "Successfully built abc123" };
  if (/^\/images\/.+\/push/.test(path)) return path.includes("refuses") ? { error: "denied" } : { status: "Pushed" };
  if (path.startsWith("/distribution/")) return { Descriptor: { digest: "sha256:pushed" }, Platforms: [] };
  const named = decodeURIComponent(/^\/images\/(.+)\/json/.exec(path)?.[1] ?? "");
  const image = { Id: "sha256:abc123", RepoTags: [named === "abc123" ? built : named] };
  if (path.startsWith("/images/json")) return path.includes("absent") ? [] : [{ ...image, RepoTags: ["any"] }];
  return image;
}
