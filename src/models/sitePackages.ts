import { readdir, readFile, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { normalName } from "./requirements.ts";

/** What an interpreter has, read from disk: Python is not started. */
export interface InstalledPackages {
  /** Such as `3.11.7`, or `3.11` where no more is told; absent: not told at all. */
  python?: string;
  /** Version by name, as pip compares names (`scikit-learn`). */
  packages: ReadonlyMap<string, string>;
}

/**
 * The packages of an interpreter: of a virtual environment (and what it takes from its base), of conda, of the system.
 * Undefined where nothing is found, as behind a shim: what it would run is not known.
 */
export async function readInstalledPackages(interpreter: string): Promise<InstalledPackages | undefined> {
  const place = await placeOf(interpreter);
  const folders = await packageFolders(place);
  if (folders.length === 0) return undefined;
  const packages = new Map<string, string>();
  for (const folder of folders) {
    for (const [name, version] of await packagesIn(folder)) if (!packages.has(name)) packages.set(name, version);
  }
  const python = await pythonVersion(place);
  return { packages, ...(python === undefined ? {} : { python }) };
}

/** Where an interpreter belongs. */
interface Place {
  /** Folder of `lib` (Windows: `Lib`). */
  prefix: string;
  /** `3.11`, where its file is named so. */
  minor: string | undefined;
  /** pyvenv.cfg of a virtual environment. */
  venv: ReadonlyMap<string, string> | undefined;
}

async function placeOf(interpreter: string): Promise<Place> {
  for (const folder of [dirname(dirname(interpreter)), dirname(interpreter)]) {
    const text = await readText(join(folder, "pyvenv.cfg"));
    if (text === undefined) continue;
    const venv = configOf(text);
    return {
      prefix: folder,
      minor: /^\d+\.\d+/.exec(venv.get("version") ?? venv.get("version_info") ?? "")?.[0],
      venv,
    };
  }
  // Outside a virtual environment a link stands for what it leads to.
  const real = await realpath(interpreter).catch(() => interpreter);
  const folder = dirname(real);
  const isBin = ["bin", "scripts"].includes(basename(folder).toLowerCase());
  return {
    prefix: isBin ? dirname(folder) : folder,
    minor: /python(\d+\.\d+)/.exec(basename(real))?.[1],
    venv: undefined,
  };
}

function configOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const at = line.indexOf("=");
    return at < 0 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]];
  });
  return new Map(pairs);
}

/** Folders that the interpreter imports from, the first ones first. */
async function packageFolders(place: Place): Promise<string[]> {
  const own = await foldersBelow(place);
  const { venv } = place;
  if (venv === undefined) return [...(await userFolders(place, own)), ...own];
  if (venv.get("include-system-site-packages")?.toLowerCase() !== "true") return own;
  const home = venv.get("home");
  if (home === undefined || !isAbsolute(home)) return own;
  const base = await placeOf(join(home, place.minor === undefined ? "python3" : `python${place.minor}`));
  return [...own, ...(await packageFolders({ ...base, minor: base.minor ?? place.minor, venv: undefined }))];
}

async function foldersBelow({ prefix, minor }: Place): Promise<string[]> {
  const lib = join(prefix, "lib");
  const versions = (await namesIn(lib)).filter((name) =>
    minor === undefined ? /^python3\.\d+t?$/.test(name) : name === `python${minor}`,
  );
  // Debian has packages of its own in `lib/python3`, and what pip installed beside in /usr/local.
  const candidates = [
    ...(prefix === "/usr" && minor !== undefined ? [`/usr/local/lib/python${minor}/dist-packages`] : []),
    ...versions.map((version) => join(lib, version, "site-packages")),
    ...versions.map((version) => join(lib, version, "dist-packages")),
    ...(prefix === "/usr" ? ["/usr/lib/python3/dist-packages"] : []),
    join(prefix, "Lib", "site-packages"),
  ];
  return existing(candidates);
}

/** What `pip install --user` installed. */
async function userFolders({ minor }: Place, own: readonly string[]): Promise<string[]> {
  const home = process.env["HOME"];
  if (home === undefined || minor === undefined || own.length === 0) return [];
  return existing([resolve(home, ".local", "lib", `python${minor}`, "site-packages")]);
}

async function existing(folders: readonly string[]): Promise<string[]> {
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => undefined)));
  // Where file names know no case, `lib` and `Lib` are one.
  return folders.filter((_, at) => real[at] !== undefined && real.indexOf(real[at]) === at);
}

/** Name and version of each package, from the names of what pip and setuptools leave beside it. */
async function packagesIn(folder: string): Promise<[string, string][]> {
  const entries = (await namesIn(folder)).filter((name) => /\.(?:dist|egg)-info$/.test(name));
  const found = await Promise.all(
    entries.map(async (entry): Promise<[string, string] | undefined> => {
      const [, name, version] = /^(.+?)-(\d[^-]*)(?:-py\d.*)?\.(?:dist|egg)-info$/.exec(entry) ?? [];
      if (name !== undefined && version !== undefined) return [normalName(name), version.replaceAll("_", "-")];
      return namedInside(join(folder, entry));
    }),
  );
  return found.filter((one) => one !== undefined);
}

/** A folder without a version in its name tells it inside. */
async function namedInside(entry: string): Promise<[string, string] | undefined> {
  const text = (await readText(join(entry, "METADATA"))) ?? (await readText(join(entry, "PKG-INFO")));
  const name = /^Name:\s*(\S+)/m.exec(text ?? "")?.[1];
  const version = /^Version:\s*(\S+)/m.exec(text ?? "")?.[1];
  return name === undefined || version === undefined ? undefined : [normalName(name), version];
}

/** As exactly as a file tells: pyvenv.cfg, conda's record of it, the headers. */
async function pythonVersion({ prefix, minor, venv }: Place): Promise<string | undefined> {
  const told = venv?.get("version") ?? venv?.get("version_info");
  if (told !== undefined) return /^\d+(?:\.\d+){1,2}/.exec(told)?.[0];
  for (const name of await namesIn(join(prefix, "conda-meta"))) {
    const version = /^python-(\d+\.\d+\.\d+)-.*\.json$/.exec(name)?.[1];
    if (version !== undefined) return version;
  }
  const known =
    minor ?? (await namesIn(join(prefix, "lib"))).map((name) => /^python(3\.\d+)$/.exec(name)?.[1]).find(Boolean);
  const headers = known && (await readText(join(prefix, "include", `python${known}`, "patchlevel.h")));
  return /^#define\s+PY_VERSION\s+"(\d+\.\d+\.\d+)/m.exec(headers ?? "")?.[1] ?? known;
}

async function namesIn(folder: string): Promise<string[]> {
  // A folder that is not there has nothing in it.
  return readdir(folder).catch(() => []);
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}
