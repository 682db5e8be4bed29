import { parseArgs } from "node:util";
import type { CheckedFiles, FoundProblem } from "../language/checkFiles.ts";
import { checkFiles } from "../language/checkFiles.ts";
import type { Severities } from "../language/service/severities.ts";
import { readSeverities } from "../language/service/severities.ts";
import { print } from "../projects/terminal.ts";

const CHECK_USAGE = `Usage: flowdeck check [DIR…] [options]

Tells what is wrong with the MLproject files below each folder (default: the present one), with the environment files they use, with
workflows and with MLmodel files. A file can be named, too. Exits with 1 when there is an error: something that cannot be loaded or run.

  --format F             human, json, or github for annotations of a workflow (default: human)
  --hints                tell hints as well; json always does
  --severity CODE=S      error, warning, information, hint or off for that code; may be given again
  --help                 this text

A comment # flowdeck: ignore CODE silences a line.`;

const FORMATS = ["human", "json", "github"] as const;

const OPTIONS = {
  format: { type: "string" },
  hints: { type: "boolean" },
  severity: { type: "string", multiple: true },
  help: { type: "boolean" },
} as const;

/** `flowdeck check …`; `args` are the words behind `check`. Exit codes: 0 no error, 1 errors, 2 not understood. */
export async function checkCommand(args: string[]): Promise<number> {
  try {
    return await check(args);
  } catch (error) {
    console.error(`Flowdeck: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
}

async function check(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  if (values.help === true) {
    print(CHECK_USAGE);
    return 0;
  }
  const format = FORMATS.find((one) => one === (values.format ?? "human"));
  if (format === undefined) throw wrong(`--format is one of ${FORMATS.join(", ")}, not ${values.format}.`);
  const severities = severitiesOf(values.severity ?? []);
  const checked = await checkFiles(positionals.length === 0 ? ["."] : positionals, process.cwd(), severities);
  if (checked.files === 0) throw wrong(`There is no MLproject file in ${positionals.join(", ") || "this folder"}.`);
  const told = checked.problems.filter(({ severity }) => severity !== "hint" || values.hints === true);
  if (format === "json") print(JSON.stringify(checked.problems, undefined, 2));
  else for (const problem of told) print(format === "github" ? annotation(problem) : line(problem));
  if (format === "human") print(summary(checked, told.length));
  return checked.problems.some(({ severity }) => severity === "error") ? 1 : 0;
}

function severitiesOf(given: readonly string[]): Severities {
  const pairs = given.map((word): [string, string] => {
    const [code = "", severity = ""] = word.split("=", 2);
    if (Object.keys(readSeverities({ [code]: severity })).length === 0) {
      throw wrong(`--severity takes CODE=error, warning, information, hint or off, not ${word}.`);
    }
    return [code, severity];
  });
  return readSeverities(Object.fromEntries(pairs));
}

function line({ file, line: row, column, severity, code, message }: FoundProblem): string {
  return `${file}:${row}:${column}: ${severity}: ${message} [${code}]`;
}

/** A workflow command of GitHub Actions. */
function annotation(problem: FoundProblem): string {
  const kind = problem.severity === "error" || problem.severity === "warning" ? problem.severity : "notice";
  const { file, line: row, endLine, column, endColumn, code } = problem;
  // Columns count only within one line.
  const columns = row === endLine ? [`col=${column}`, `endColumn=${Math.max(column, endColumn - 1)}`] : [];
  const places = [`file=${inProperty(file)}`, `line=${row}`, `endLine=${endLine}`, ...columns];
  return `::${kind} ${places.join(",")},title=${inProperty(code)}::${inData(problem.message)}`;
}

function inData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function inProperty(text: string): string {
  return inData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function summary({ files, problems }: CheckedFiles, told: number): string {
  const count = (severity: string) => problems.filter((problem) => problem.severity === severity).length;
  const hints = count("hint");
  const hidden = told < problems.length ? " (--hints tells them)" : "";
  const parts = [
    plural(count("error"), "error"),
    plural(count("warning"), "warning"),
    ...(hints === 0 ? [] : [`${plural(hints, "hint")}${hidden}`]),
  ];
  return `${parts.join(", ")} in ${plural(files, "file")}`;
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function wrong(message: string): Error {
  return new Error(message);
}
