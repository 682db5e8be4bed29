import type { RequirementMismatch } from "../mlflow/modelFile.ts";
import { withoutSecrets } from "../mlflow/uris.ts";
import { parseSpecifiers, satisfies, type Specifier } from "./pep440.ts";
import type { InstalledPackages } from "./sitePackages.ts";

// What a logged model needs, and what of it an interpreter has otherwise. Pure: see sitePackages.ts for what is on disk.
//
//   const needed = requirementsOf({ "requirements.txt": text });                 // environmentFiles.ts; or conda.yaml …
//   const installed = await readInstalledPackages("/usr/bin/python3");           // sitePackages.ts; undefined: not known
//   const missed = installed === undefined ? [] : missedRequirements(needed, installed);
//   missed.map((one) => mismatchText(one))       // ["scikit-learn 1.5 logged, 1.9 in the selected interpreter"]

/** Files beside an MLmodel that tell its environment, as MLflow names them; the first one that is there tells most. */
export const REQUIREMENT_FILES = ["requirements.txt", "conda.yaml", "python_env.yaml"] as const;
export type RequirementFile = (typeof REQUIREMENT_FILES)[number];
/** Their texts; absent: it is not there. */
export type RequirementTexts = Partial<Record<RequirementFile, string>>;

/** A package that a model was logged with. */
export interface Requirement {
  /** As pip compares names: `scikit-learn`. `python` is Python itself. */
  name: string;
  /** As written, `>=1.2,<2`; empty: any. */
  written: string;
  specifiers: Specifier[];
  /** Where it is taken from instead of an index, without credentials. */
  address?: string;
  /** On which machines it is asked for, `python_version < "3.9"`; absent: on all. */
  marker?: string;
}

/** `read` gives the text of a file; undefined where it is not there. */
export async function readRequirementTexts(
  read: (file: RequirementFile) => Promise<string | undefined>,
): Promise<RequirementTexts> {
  const texts = await Promise.all(REQUIREMENT_FILES.map(async (file) => [file, await read(file)] as const));
  return Object.fromEntries(texts.filter(([, text]) => text !== undefined));
}

/** Packages as they are set side by side: `1.5.0`, `>=1.2,<2`, `any`, with its address and where it is asked for. */
export function packagesOf(requirements: readonly Requirement[]): Map<string, string> {
  const packages = new Map<string, string>();
  for (const { name, written, address, marker } of requirements) {
    const version = address === undefined ? written.replace(/^==/, "") || "any" : `@ ${address}`;
    const text = marker === undefined ? version : `${version} ; ${marker}`;
    const before = packages.get(name);
    packages.set(name, before === undefined ? text : `${before}, ${text}`);
  }
  return packages;
}

/** Requirements of a requirements.txt that name a package; options, files and addresses say nothing of a version. */
export function pipRequirements(text: string): Requirement[] {
  const joined = text.replace(/\\\r?\n/g, " ");
  return joined.split(/\r?\n/).flatMap((line) => pipRequirement(line) ?? []);
}

/** Undefined for a line that names no package. */
export function pipRequirement(line: string): Requirement | undefined {
  const [plain = ""] = withoutSecrets(line).split(/(?:^|\s)#/);
  const [asked = "", marker] = plain.replace(/\s--\S.*$/, "").split(";", 2);
  const [subject = "", ...address] = asked.split("@");
  const match = /^\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(\(?[^/\\]*)/.exec(subject);
  const [, name, rest = ""] = match ?? [];
  if (name === undefined || FILE.test(subject)) return undefined;
  const found = requirement(name, rest.replaceAll(/[()\s]/g, ""));
  return (
    found && {
      ...found,
      ...(address.length === 0 ? {} : { address: address.join("@").trim() }),
      ...(marker === undefined ? {} : { marker: marker.trim() }),
    }
  );
}

/** A path, an address or a wheel: no name of a package. */
const FILE = /[/\\]|\.(?:whl|zip|gz)\s*$/;

/** The Python of a python_env.yaml. */
export function pythonRequirement(text: string): Requirement | undefined {
  const version = /^python:\s*["']?([^"'\s#]+)/m.exec(text)?.[1];
  return version === undefined ? undefined : requirement("python", `==${version}`);
}

/** Undefined where the version is not written as one. */
export function requirement(name: string, written: string): Requirement | undefined {
  const specifiers = parseSpecifiers(written);
  return specifiers === undefined ? undefined : { name: normalName(name), written, specifiers };
}

/** `scikit_learn` is `scikit-learn`. */
export function normalName(name: string): string {
  return name.toLowerCase().replaceAll(/[._-]+/g, "-");
}

/** What an interpreter has otherwise than a model was logged with, in the model's order; of Python only what changes pickles. */
export function missedRequirements(
  requirements: readonly Requirement[],
  installed: InstalledPackages,
): RequirementMismatch[] {
  // What is asked for on some machines only may well not be meant for this one.
  const always = requirements.filter(({ marker }) => marker === undefined);
  return always.flatMap(({ name, written, specifiers }): RequirementMismatch[] => {
    const pin = specifiers.length === 1 && /^={2,3}$/.test(specifiers[0]?.operator ?? "") ? specifiers[0] : undefined;
    const logged = pin?.version.replace(/\.\*$/, "") ?? written;
    if (name === "python") return missedPython(logged, installed.python);
    // Python's mlflow is also what mlflow-skinny installs.
    const here =
      installed.packages.get(name) ?? (name === "mlflow" ? installed.packages.get("mlflow-skinny") : undefined);
    if (here === undefined) return [{ name, logged }];
    return satisfies(here, specifiers) ? [] : [{ name, logged, here }];
  });
}

/** Another 3.11 runs what a 3.11 wrote. */
function missedPython(logged: string, here: string | undefined): RequirementMismatch[] {
  const minor = (version: string | undefined) => /^\d+\.\d+/.exec(version ?? "")?.[0];
  const [one, other] = [minor(logged), minor(here)];
  return one === undefined || other === undefined || one === other
    ? []
    : [{ name: "python", logged: one, here: other }];
}

/** `scikit-learn 1.5 logged, 1.9 in the selected interpreter`: a sentence without its stop. */
export function mismatchText(
  { name, logged, here }: RequirementMismatch,
  where = "in the selected interpreter",
): string {
  const word = name === "python" ? "Python" : name;
  if (here === undefined) return `${word}${logged === "" ? "" : ` ${logged}`} logged, not installed ${where}`;
  const [one, other] = shortVersions(logged, here);
  return `${word} ${one} logged, ${other} ${where}`;
}

/** Two versions as far as they differ, at least to their second part: `3.0.2` and `3.1.0` are `3.0` and `3.1`. */
export function shortVersions(one: string, other: string): [string, string] {
  const plain = /^\d+(?:\.\d+)*$/;
  if (!plain.test(one) || !plain.test(other)) return [one, other];
  const [a, b] = [one.split("."), other.split(".")];
  const differs = a.findIndex((part, at) => part !== b[at]);
  const parts = differs < 0 ? Math.max(a.length, b.length) : Math.max(2, differs + 1);
  return [a.slice(0, parts).join("."), b.slice(0, parts).join(".")];
}
