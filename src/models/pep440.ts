// Versions of Python packages and what is asked of them (PEP 440), as far as requirements of models go.

export interface Version {
  epoch: number;
  release: number[];
  /** `a`, `b` or `rc` with its number. */
  pre?: [string, number];
  post?: number;
  dev?: number;
  local?: (string | number)[];
}

const VERSION = new RegExp(
  "^v?(?:(\\d+)!)?(\\d+(?:\\.\\d+)*)" +
    "(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\\d*))?" +
    "(?:-(\\d+)|[-_.]?(post|rev|r)[-_.]?(\\d*))?" +
    "(?:[-_.]?(dev)[-_.]?(\\d*))?" +
    "(?:\\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$",
);

const PRE_WORDS: Record<string, string> = { alpha: "a", a: "a", beta: "b", b: "b", c: "rc", rc: "rc" };

/** Undefined for what is no version. */
export function parseVersion(text: string): Version | undefined {
  const match = VERSION.exec(text.trim().toLowerCase());
  if (match === null) return undefined;
  const [, epoch = "0", release = "", preWord, preNumber, dashed, postWord, postNumber, devWord, devNumber] = match;
  const local = match[10];
  return {
    epoch: Number(epoch),
    release: release.split(".").map(Number),
    ...(preWord === undefined ? {} : { pre: [PRE_WORDS[preWord] ?? "rc", Number(preNumber ?? 0)] }),
    ...(postWord === undefined && dashed === undefined ? {} : { post: Number(dashed ?? postNumber ?? 0) }),
    ...(devWord === undefined ? {} : { dev: Number(devNumber ?? 0) }),
    ...(local === undefined
      ? {}
      : { local: local.split(/[-_.]/).map((part) => (/^\d+$/.test(part) ? Number(part) : part)) }),
  };
}

/** Negative: `a` is older than `b`. */
export function compareVersions(a: Version, b: Version): number {
  return comparePublic(a, b) || compareLocal(a.local, b.local);
}

function comparePublic(a: Version, b: Version): number {
  return (
    a.epoch - b.epoch ||
    compareReleases(a.release, b.release) ||
    comparePre(a, b) ||
    (a.post ?? -1) - (b.post ?? -1) ||
    // A finished release comes after its development.
    finite((a.dev ?? Infinity) - (b.dev ?? Infinity))
  );
}

function compareReleases(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `1.0.dev1` comes before `1.0a1`, `1.0` and `1.0.post1` after it. */
function comparePre(a: Version, b: Version): number {
  const rank = ({ pre, post, dev }: Version): number =>
    pre !== undefined ? "a b rc".indexOf(pre[0]) : post === undefined && dev !== undefined ? -1 : 9;
  return rank(a) - rank(b) || (a.pre?.[1] ?? 0) - (b.pre?.[1] ?? 0);
}

function compareLocal(a: Version["local"], b: Version["local"]): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const [one, other] = [a[at], b[at]];
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    if (one === other) continue;
    if (typeof one === "number" && typeof other === "number") return one - other;
    // A number is newer than a word.
    if (typeof one !== typeof other) return typeof one === "number" ? 1 : -1;
    return one < other ? -1 : 1;
  }
  return 0;
}

/** `Infinity - Infinity` is no number. */
function finite(difference: number): number {
  return Number.isNaN(difference) ? 0 : difference;
}

export interface Specifier {
  operator: "===" | "==" | "!=" | "~=" | "<=" | ">=" | "<" | ">";
  /** As written, `1.5.*` included. */
  version: string;
}

/** Reads `>=1.2,<2`; undefined where a part is none. */
export function parseSpecifiers(text: string): Specifier[] | undefined {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const found = parts.map((part) => {
    const match = /^(===|==|!=|~=|<=|>=|<|>)\s*(\S+)$/.exec(part);
    // The border: the pattern lets these operators through only.
    return match === null ? undefined : { operator: match[1] as Specifier["operator"], version: match[2] ?? "" };
  });
  return found.every((one) => one !== undefined) ? found : undefined;
}

/** Whether an installed version is what is asked for; a pre-release counts as every other (as MLflow counts it). */
export function satisfies(installed: string, specifiers: readonly Specifier[]): boolean {
  const version = parseVersion(installed);
  return specifiers.every((specifier) => {
    const { operator } = specifier;
    if (operator === "===") return installed.toLowerCase() === specifier.version.toLowerCase();
    const isPrefix = specifier.version.endsWith(".*");
    const asked = parseVersion(isPrefix ? specifier.version.slice(0, -2) : specifier.version);
    // What cannot be compared is no reason to warn.
    if (version === undefined || asked === undefined) return true;
    return isSatisfied(version, operator, asked, isPrefix);
  });
}

function isSatisfied(
  version: Version,
  operator: Exclude<Specifier["operator"], "===">,
  asked: Version,
  isPrefix: boolean,
): boolean {
  const isEqual = isPrefix
    ? hasPrefix(version, asked)
    : asked.local === undefined
      ? comparePublic(version, asked) === 0
      : compareVersions(version, asked) === 0;
  switch (operator) {
    case "==":
      return isEqual;
    case "!=":
      return !isEqual;
    case "<=":
      return comparePublic(version, asked) <= 0;
    case ">=":
      return comparePublic(version, asked) >= 0;
    case "~=":
      return (
        comparePublic(version, asked) >= 0 && hasPrefix(version, { ...asked, release: asked.release.slice(0, -1) })
      );
    case "<":
      return comparePublic(version, asked) < 0 && !(isPre(version) && !isPre(asked) && isOfSame(version, asked));
    case ">":
      return (
        comparePublic(version, asked) > 0 &&
        !(version.post !== undefined && asked.post === undefined && hasSameBase(version, asked))
      );
    default:
      return operator satisfies never;
  }
}

function hasPrefix(version: Version, prefix: Version): boolean {
  return (
    version.epoch === prefix.epoch &&
    compareReleases(
      Array.from(prefix.release, (_, at) => version.release[at] ?? 0),
      prefix.release,
    ) === 0
  );
}

function isPre({ pre, dev }: Version): boolean {
  return pre !== undefined || dev !== undefined;
}

/** Whether a pre-release is one of the other version. */
function isOfSame(version: Version, other: Version): boolean {
  return hasSameBase(version, other) && version.post === other.post;
}

function hasSameBase(a: Version, b: Version): boolean {
  return a.epoch === b.epoch && compareReleases(a.release, b.release) === 0;
}
