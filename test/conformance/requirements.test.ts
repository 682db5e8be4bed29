import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { compareVersions, parseSpecifiers, parseVersion, satisfies } from "../../src/models/pep440.ts";
import { readInstalledPackages } from "../../src/models/sitePackages.ts";
import { absoluteLines } from "../../src/projects/pythonEnv.ts";
import { findPython, skipWithout, temporaryFolder } from "../support/environment.ts";

const python = findPython();
const skip = skipWithout(python, "Python with mlflow");

const VERSIONS =
  "0 1 1.0 1.0.0 1.0.1 1.2 1.10 2 2.0rc1 2.0b3 2.0a1.dev2 2.0.dev1 2.0.post1 2.0-1 v1.2 1!1.0 1.0+cpu 1.0+cpu.2 1.0.post1.dev3 c x 1..2 1.0-beta.2 1.2_3 2.0rev2 3.0c1".split(
    " ",
  );
const SPECIFIERS =
  "==1 ==1.0.0 !=1.2 >=1.2 >2 >1.0 <2 <2.0rc1 <=2 ~=1.0 ~=1.2.0 ==1.* !=2.* >=1,<2 ==1.0+cpu ===1.0 >=2.0b1 ==1.0.post1 >2.0 <1.0.post1".split(
    " ",
  );

const script = `
import json, sys
from importlib.metadata import distributions
from packaging.version import Version, InvalidVersion
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
versions, specifiers = json.load(sys.stdin)
def read(text):
    try:
        return Version(text)
    except InvalidVersion:
        return None
parsed = {text: read(text) for text in versions}
good = [text for text in versions if parsed[text] is not None]
print(json.dumps({
    "good": good,
    "order": [[(parsed[a] > parsed[b]) - (parsed[a] < parsed[b]) for b in good] for a in good],
    "met": [[SpecifierSet(s).contains(v, prereleases=True) for s in specifiers] for v in good],
    "python": sys.version.split()[0],
    "installed": {canonicalize_name(d.metadata["Name"]): d.version for d in distributions(path=[p for p in sys.path if "site-packages" in p])},
}))
`;

test("versions are compared, and packages found on disk, as Python's own packaging and importlib do", {
  skip,
}, async () => {
  const told: unknown = JSON.parse(
    execFileSync(python ?? "", ["-c", script], { input: JSON.stringify([VERSIONS, SPECIFIERS]), encoding: "utf8" }),
  );
  const good = VERSIONS.filter((text) => parseVersion(text) !== undefined);
  const sign = (a: string, b: string) => {
    const [one, other] = [parseVersion(a), parseVersion(b)];
    return one === undefined || other === undefined ? undefined : Math.sign(compareVersions(one, other));
  };
  const installed = await readInstalledPackages(python ?? "");
  assert.deepEqual(
    {
      good,
      order: good.map((a) => good.map((b) => sign(a, b))),
      met: good.map((version) => SPECIFIERS.map((asked) => satisfies(version, parseSpecifiers(asked) ?? []))),
      python: installed?.python,
      installed: Object.fromEntries(installed?.packages ?? []),
    },
    told,
  );
});

const INSTALLED = `
import json, re, sys
from importlib.metadata import distributions
found = {}
for one in distributions():
    found.setdefault(re.sub(r"[-_.]+", "-", one.metadata["Name"]).lower(), one.version)
print(json.dumps([sys.version.split()[0], found]))
`;

test("the packages of Pythons outside of a virtual environment are found as those themselves find them", {
  skip,
}, async () => {
  const pythons = [realpathSync(python ?? ""), "/usr/bin/python3"].filter((one) => existsSync(one));
  for (const interpreter of pythons) {
    const env = { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" };
    const told: unknown = JSON.parse(execFileSync(interpreter, ["-c", INSTALLED], { encoding: "utf8", env }));
    const installed = await readInstalledPackages(interpreter);
    assert.deepEqual([installed?.python, Object.fromEntries(installed?.packages ?? [])], told, interpreter);
  }
});

test("a requirements file in a folder with blanks and quotes is read by pip and by uv", { skip }, () => {
  const folder = join(temporaryFolder(), "it's my project");
  mkdirSync(folder);
  writeFileSync(join(folder, "requirements.txt"), "# nothing\n");
  const file = join(folder, "lines.txt");
  writeFileSync(file, absoluteLines(["-r requirements.txt # all"], folder).join("\n"));
  const install = ["install", "--dry-run", "--no-index", "-r", file];
  execFileSync(python ?? "", ["-m", "pip", ...install], { stdio: "pipe" });
  const uv = join(dirname(python ?? ""), "uv");
  if (existsSync(uv)) execFileSync(uv, ["pip", ...install, "--python", python ?? ""], { stdio: "pipe" });
});
