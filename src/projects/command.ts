// From an entry point and values to the line a shell runs. Rules of mlflow 3.17.2 `EntryPoint.compute_command`.
import { MlflowError } from "../mlflow/errors.ts";
import type { EntryPoint, MlprojectDocument } from "./document.ts";
import { formatText } from "./formatValue.ts";
import { shellQuote } from "./shellQuote.ts";
import { hasScheme, localPathOf } from "./uriText.ts";

/** Whether a command, as far as its text tells, starts a Python. */
export function callsPython(command: string): boolean {
  return /\bpython|\.py\b/.test(command);
}

/** A script that is run as an entry point without being declared: it takes any value, as `--name value`. */
export interface ScriptEntryPoint {
  kind: "script";
  name: string;
  /** Complete: it holds no placeholder. */
  command: string;
}

export type RunnableEntryPoint = EntryPoint | ScriptEntryPoint;

export function isScript(entryPoint: RunnableEntryPoint): entryPoint is ScriptEntryPoint {
  return "kind" in entryPoint;
}

/** How commands are written for the shell that will read them. */
export interface ShellOptions {
  /** cmd.exe instead of a POSIX shell. */
  windows?: boolean;
}

/**
 * The entry point called `name`, or the script of that name (`.py`, `.sh`, `.R`; whether it exists is not asked).
 * @throws MlflowError INVALID_PARAMETER_VALUE when it is neither.
 */
export function resolveEntryPoint(
  document: MlprojectDocument,
  name: string,
  environment: { SHELL?: string | undefined } = {},
  options: ShellOptions = {},
): RunnableEntryPoint {
  const declared = document.entryPoints.find((entryPoint) => entryPoint.name === name);
  if (declared !== undefined) return declared;
  const quoted = shellQuote(name, options.windows);
  // Python's `splitext` takes a name that is only an extension for a name without one.
  const extension = /(?:^|\/)\.*[^/.][^/]*?(\.[^./]*)$/s.exec(name)?.[1] ?? "";
  if (extension === ".py") return { kind: "script", name, command: `python ${quoted}` };
  if (extension === ".sh") return { kind: "script", name, command: `${environment.SHELL ?? "bash"} ${quoted}` };
  if (extension === ".R") {
    return { kind: "script", name, command: `Rscript -e "mlflow::mlflow_source('${quoted}')" --args` };
  }
  const names = document.entryPoints.map((entryPoint) => `'${entryPoint.name}'`).join(", ");
  throw invalid(
    `Could not find ${name} among entry points [${names}] or interpret ${name} as a runnable script. ` +
      "Supported script file extensions: ['.py', '.sh']",
  );
}

/**
 * `name=value` words of a command line, in order.
 * @throws MlflowError INVALID_PARAMETER_VALUE for a word without `=` and for a name given twice.
 */
export function parseParameters(given: readonly string[]): Array<[name: string, value: string]> {
  const pairs: Array<[string, string]> = [];
  for (const word of given) {
    const equals = word.indexOf("=");
    if (equals < 0) {
      throw invalid(`Invalid format for -P parameter: '${word}'. Use -P name=value.`);
    }
    const name = word.slice(0, equals);
    if (pairs.some(([earlier]) => earlier === name)) throw invalid(`Repeated parameter: '${name}'`);
    pairs.push([name, word.slice(equals + 1)]);
  }
  return pairs;
}

/** Names of the required parameters that `given` has no value for, in the file's order. */
export function missingParameters(
  entryPoint: RunnableEntryPoint,
  given: Iterable<readonly [name: string, value: string]>,
): string[] {
  if (isScript(entryPoint)) return [];
  const names = new Set([...given].map(([name]) => name));
  return entryPoint.parameters
    .filter((parameter) => parameter.default === undefined && !names.has(parameter.name))
    .map((parameter) => parameter.name);
}

/** What values of type `path` need to know of the machine. */
export interface ValueContext {
  /** Absolute path of an existing file or folder (relative ones count from the caller's folder); undefined when there is none. */
  existingPath(path: string): string | undefined;
  /** Downloads an artifact URI and answers its local path; `index` is the parameter's. Absent: such values are refused. */
  download?(uri: string, index: number): Promise<string>;
}

export interface ResolvedValues {
  /** Final values of the declared parameters: paths absolute or downloaded. */
  declared: Map<string, string>;
  /** Values that are not declared, in the order given. */
  extra: Map<string, string>;
  /** What is logged as params: declared and extra, as given, neither quoted nor downloaded. */
  logged: Map<string, string>;
  /** Where the files lie that values of type `path`, and `file:` URIs, name; undefined for a path on another machine. */
  places: Map<string, string | undefined>;
}

/**
 * The values a run uses: those given, else the defaults.
 * @throws MlflowError INVALID_PARAMETER_VALUE when one is missing or does not suit its type.
 */
export async function resolveValues(
  entryPoint: RunnableEntryPoint,
  given: Iterable<readonly [name: string, value: string]>,
  context: ValueContext,
): Promise<ResolvedValues> {
  const user = new Map(given);
  const missing = missingParameters(entryPoint, user);
  if (missing.length > 0) {
    throw invalid(`No value given for missing parameters: ${missing.map((name) => `'${name}'`).join(", ")}`);
  }
  const values: ResolvedValues = { declared: new Map(), extra: new Map(), logged: new Map(), places: new Map() };
  const parameters = isScript(entryPoint) ? [] : entryPoint.parameters;
  for (const [index, parameter] of parameters.entries()) {
    const value = user.get(parameter.name) ?? parameter.default ?? "";
    values.logged.set(parameter.name, value);
    values.declared.set(parameter.name, await finalValue(parameter, value, index, context));
    const place = placeOf(parameter.type, value, context);
    if (place !== undefined) values.places.set(parameter.name, place.path);
  }
  for (const [name, value] of user) {
    if (values.declared.has(name)) continue;
    values.extra.set(name, value);
    values.logged.set(name, value);
  }
  return values;
}

/** Undefined for a value that names no file. */
function placeOf(type: string, value: string, context: ValueContext): { path: string | undefined } | undefined {
  if (type !== "path" && type !== "uri") return undefined;
  const local = localPathOf(value);
  const path = local === undefined || local === "" ? undefined : context.existingPath(local);
  // A URI may name what the command will write.
  return type === "uri" && path === undefined ? undefined : { path };
}

async function finalValue(
  parameter: { name: string; type: string },
  value: string,
  index: number,
  context: ValueContext,
): Promise<string> {
  if (parameter.type === "uri" && !hasScheme(value)) {
    throw invalid(`Expected URI for parameter ${parameter.name} but got ${value}`);
  }
  if (parameter.type !== "path") return value;
  const local = localPathOf(value);
  // Python takes an empty local path for none and would go on to download it.
  if (local === undefined || local === "") {
    if (context.download !== undefined && local !== "") return context.download(value, index);
    throw invalid(
      `Got value ${value} for parameter ${parameter.name}, but it is no local path and cannot be downloaded.`,
    );
  }
  const existing = context.existingPath(local);
  if (existing !== undefined) return existing;
  throw invalid(`Got value ${value} for parameter ${parameter.name}, but no such file or directory was found.`);
}

/**
 * The line for the shell: placeholders filled with quoted values, what is not declared appended as ` --name value`.
 * @throws MlflowError INVALID_PARAMETER_VALUE when the entry point has no command or its placeholders cannot be filled.
 */
export function buildCommand(
  entryPoint: RunnableEntryPoint,
  values: Pick<ResolvedValues, "declared" | "extra">,
  options: ShellOptions = {},
): string {
  const quote = (text: string) => shellQuote(text, options.windows);
  const extras = [...values.extra].map(([name, value]) => `--${quote(name)} ${quote(value)}`);
  return [commandText(entryPoint, values.declared, quote), ...extras].join(" ");
}

function commandText(
  entryPoint: RunnableEntryPoint,
  declared: ReadonlyMap<string, string>,
  quote: (text: string) => string,
): string {
  if (isScript(entryPoint)) return entryPoint.command;
  if (entryPoint.command === undefined) {
    throw invalid(`The entry point ${entryPoint.name} has no command to run.`);
  }
  const quoted = new Map([...declared].map(([name, value]) => [name, quote(value)]));
  try {
    return formatText(entryPoint.command, quoted);
  } catch (error) {
    const reason = error instanceof MlflowError ? error.message : String(error);
    throw new MlflowError(
      "INVALID_PARAMETER_VALUE",
      `The command of ${entryPoint.name} cannot be filled in. ${reason}`,
      {
        cause: error,
      },
    );
  }
}

function invalid(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
