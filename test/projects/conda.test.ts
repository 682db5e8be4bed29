import assert from "node:assert/strict";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { giveClaim, takeClaim } from "../../src/projects/claim.ts";
import { findConda, planConda } from "../../src/projects/conda.ts";
import { temporaryFolder } from "../support/environment.ts";

// conda, mamba and micromamba are stand-ins that list and make environments in a file.

const { MLFLOW_ENV_ROOT } = process.env;
process.env["MLFLOW_ENV_ROOT"] = temporaryFolder();
after(() => {
  if (MLFLOW_ENV_ROOT === undefined) delete process.env["MLFLOW_ENV_ROOT"];
  else process.env["MLFLOW_ENV_ROOT"] = MLFLOW_ENV_ROOT;
});

async function programs(...names: string[]): Promise<string> {
  const folder = join(temporaryFolder(), "bin");
  await mkdir(folder);
  for (const name of names) {
    const file = join(folder, name);
    const list = `printf '{"envs":['; sep=; while read -r n; do printf '%s"/e/%s"' "$sep" "$n"; sep=,; done 2>/dev/null < ${folder}/envs; printf ']}'`;
    const make = `while [ $# -gt 0 ]; do [ "$1" = -n ] && echo "$2" >> ${folder}/envs; shift; done`;
    const lines = [
      `echo "${name} $*" >> ${folder}/calls`,
      `case "$*" in "env list --json") ${list};; *create*) ${make};; *remove*) [ -e ${folder}/stuck ] && exit 1; : > ${folder}/envs;; esac`,
    ];
    await writeFile(file, `#!/bin/bash\n${lines.join("\n")}\n`);
    await chmod(file, 0o755);
  }
  return folder;
}

test("conda is found where MLflow finds it", async () => {
  const [home, path] = [await programs("conda"), await programs("conda", "micromamba")];
  const found = async (env: NodeJS.ProcessEnv) => {
    const conda = await findConda({ PATH: path, ...env });
    return [conda?.program, conda?.creator, conda?.activate("E")];
  };
  const script = `source ${home}/../etc/profile.d/conda.sh`;
  assert.deepEqual(await found({}), ["conda", "conda", ["source activate E 1>&2"]]);
  assert.deepEqual(await found({ CONDA_EXE: join(home, "conda"), MLFLOW_CONDA_CREATE_ENV_CMD: "mamba" }), [
    join(home, "conda"),
    join(home, "mamba"),
    [script, "conda activate E 1>&2"],
  ]);
  assert.deepEqual(
    (await found({ MLFLOW_CONDA_HOME: dirname(home), CONDA_EXE: "/other/conda" }))[0],
    join(home, "conda"),
  );
});

test("where conda is not there, mamba and then micromamba take its place", async () => {
  const [mamba, micromamba] = [await programs("mamba", "micromamba"), await programs("micromamba")];
  assert.equal((await findConda({ PATH: mamba }))?.kind, "mamba");
  const conda = await findConda({ PATH: micromamba });
  assert.equal(conda?.kind, "micromamba");
  const hook = `eval "$(${micromamba}/micromamba shell hook --shell bash)"`;
  assert.deepEqual(conda?.activate("E"), [hook, "micromamba activate E 1>&2"]);
  assert.equal(await findConda({ PATH: temporaryFolder() }), undefined);
});

async function project(text: string): Promise<string> {
  const file = join(temporaryFolder(), "conda.yaml");
  await writeFile(file, text);
  return file;
}

test("an environment is made once for a file's text; a changed text gives another", async () => {
  const PATH = await programs("micromamba");
  const conda = await findConda({ PATH });
  assert(conda !== undefined);
  const file = await project("dependencies: []\n");
  const first = await planConda(conda, file, dirname(file));
  assert.equal(first.detail, "building: nothing built for conda.yaml yet, by micromamba");
  await first.build?.(new AbortController().signal);
  const again = await planConda(conda, file, dirname(file));
  assert.deepEqual([again.detail, again.build], ["reused: conda.yaml unchanged, by micromamba", undefined]);
  await writeFile(file, "dependencies: [python]\n");
  const changed = await planConda(conda, file, dirname(file));
  assert.notEqual(changed.activation, first.activation);
  assert.match(first.activation, /micromamba activate mlflow-[0-9a-f]{40} 1>&2 && $/);
  const calls = (await readFile(join(PATH, "calls"), "utf8")).split("\n");
  const [made, more] = calls.filter((call) => call.includes(" create "));
  assert.equal(more, undefined);
  assert.match(made ?? "", /^micromamba env create --yes -n mlflow-\w{40} --file .*conda\.yaml$/);
});

test("an environment whose making was cut short is removed and made anew", async () => {
  const PATH = await programs("micromamba");
  const conda = await findConda({ PATH });
  assert(conda !== undefined);
  const file = await project("dependencies: [cut]\n");
  const name = /activate (\S+)/.exec((await planConda(conda, file, "/")).activation)?.[1] ?? "";
  await writeFile(join(PATH, "envs"), `${name}\n`);
  const claim = join(process.env["MLFLOW_ENV_ROOT"] ?? "", `${name}.conda.flowdeck-building`);
  await writeFile(claim, JSON.stringify({ pid: process.pid, started: "1" }));
  const plan = await planConda(conda, file, "/");
  assert.equal(plan.detail, "building again: the last time was cut short, by micromamba");
  await plan.build?.(new AbortController().signal);
  const calls = (await readFile(join(PATH, "calls"), "utf8"))
    .split("\n")
    .map((call) => call.split(" ").slice(0, 3).join(" "));
  assert.deepEqual(calls.slice(-4, -1), ["micromamba env list", "micromamba env remove", "micromamba env create"]);
});

test("an environment that another run finished since it was looked at is used, not removed", async () => {
  const PATH = await programs("micromamba");
  const conda = await findConda({ PATH });
  assert(conda !== undefined);
  const file = await project("dependencies: [finished meanwhile]\n");
  const name = /activate (\S+)/.exec((await planConda(conda, file, "/")).activation)?.[1] ?? "";
  const claim = join(process.env["MLFLOW_ENV_ROOT"] ?? "", `${name}.conda.flowdeck-building`);
  await takeClaim(claim);
  const plan = await planConda(conda, file, "/");
  assert.match(plan.detail, /another run builds it/);
  await writeFile(join(PATH, "envs"), `${name}\n`);
  await giveClaim(claim);
  await plan.build?.(new AbortController().signal);
  assert.equal(await readFile(join(PATH, "envs"), "utf8"), `${name}\n`);
  assert.doesNotMatch(await readFile(join(PATH, "calls"), "utf8"), /remove|create/);
});

test("an environment that is not whole and cannot be removed is not used", async () => {
  const PATH = await programs("micromamba");
  const conda = await findConda({ PATH });
  assert(conda !== undefined);
  const file = await project("dependencies: [stuck]\n");
  const name = /activate (\S+)/.exec((await planConda(conda, file, "/")).activation)?.[1] ?? "";
  await writeFile(join(PATH, "envs"), `${name}\n`);
  await writeFile(join(PATH, "stuck"), "");
  const claim = join(process.env["MLFLOW_ENV_ROOT"] ?? "", `${name}.conda.flowdeck-building`);
  await writeFile(claim, JSON.stringify({ pid: process.pid, started: "1" }));
  for (const _ of [1, 2]) {
    const plan = await planConda(conda, file, "/");
    assert.match(plan.detail, /cut short/);
    await assert.rejects(plan.build?.(new AbortController().signal) ?? Promise.resolve(), /could not remove/);
  }
});
