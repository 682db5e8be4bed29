import { withoutSecrets } from "../../mlflow/uris.ts";
import type { ServingEnvManager, ServingProblem, ServingRemedy } from "../../protocol/serving.ts";

/** What is known of a server that ended by itself. */
export interface Ended {
  title: string;
  port: number;
  python: string;
  env_manager: ServingEnvManager;
  workers: number;
  /** mlflow had started the server that loads the model. */
  wasLaunched: boolean;
  /** It had answered before. */
  wasReady: boolean;
  /** The system ended a process for want of memory meanwhile, which may have been another one. */
  outOfMemory: boolean;
  /** Folder of an environment that an earlier build did not finish. */
  halfMade?: string;
  signal?: NodeJS.Signals;
  /** What it printed last. */
  lines: readonly string[];
}

/** Why a server ended: one sentence, without credentials of addresses in it, and what helps. */
export function explainEnd(ended: Ended): ServingProblem {
  const { text, ...help } = explained(ended);
  return { text: withoutSecrets(text), ...help };
}

function explained(ended: Ended): ServingProblem {
  for (const explain of EXPLANATIONS) {
    const problem = explain(ended);
    if (problem !== undefined) return problem;
  }
  const { title, wasReady, lines } = ended;
  const last = lines.findLast((line) => /^\w[\w.]*(?:Error|Exception)\b.*: /.test(line) && !isOfStarter(line));
  const why = last === undefined ? "" : ` (${shortened(last.replace(/^[\w.]*\./, ""))})`;
  return { text: `${title} ended${wasReady ? "" : " before it answered"}${why}; its log says more.`, next: SHOW_LOG };
}

type Explain = (ended: Ended) => ServingProblem | undefined;

const SHOW_LOG: ServingRemedy = { title: "Show Log", action: "showLog" };
const RESTART: ServingRemedy = { title: "Restart", action: "restart" };
const SELECT: ServingRemedy = { title: "Select Interpreter…", action: "selectInterpreter" };
const USE_LOCAL: ServingRemedy = { title: "Serve with the Interpreter", action: "useLocal" };
const USE_VIRTUALENV: ServingRemedy = { title: "Serve in a virtualenv", action: "useVirtualenv" };

/** The first that knows something says it: what is sure stands before what is a guess. */
const EXPLANATIONS: readonly Explain[] = [
  halfMadeEnvironment,
  lackOfMemory,
  takenPort,
  missingPython,
  missingMlflow,
  unknownManager,
  missingTool,
  failedBuild,
  missingModule,
  missingModel,
  unreadablePickle,
  killed,
];

function lackOfMemory(ended: Ended): ServingProblem | undefined {
  const lostWorkers = said(ended, /Child process \[\d+\] died/) && !said(ended, /^\w[\w.]*(?:Error|Exception)\b/);
  if (!ended.outOfMemory || !(wasKilled(ended) || lostWorkers)) return undefined;
  const help = ended.workers > 1 ? "serve it with fewer workers" : "make room for it, and start it again";
  return { text: `${ended.title} ran out of memory and was ended by the system; ${help}.`, next: RESTART };
}

function killed(ended: Ended): ServingProblem | undefined {
  if (!wasKilled(ended)) return undefined;
  return {
    text: `${ended.title} was ended by another program, or by the system for want of memory; start it again.`,
    next: RESTART,
  };
}

/** The last words are mlflow's, or of gunicorn about a worker. */
function wasKilled(ended: Ended): boolean {
  return ended.signal === "SIGKILL" || said(ended, /Return code = -9\b|was sent SIGKILL!/);
}

function takenPort(ended: Ended): ServingProblem | undefined {
  if (!said(ended, /address already in use|\[Errno (?:98|48)\]/i)) return undefined;
  return {
    text: `Port ${ended.port} is taken by another program, so ${ended.title} was not served.`,
    next: { title: "Serve on a Free Port", action: "serveElsewhere" },
  };
}

function said({ lines }: Ended, what: RegExp): boolean {
  return lines.some((line) => what.test(line));
}

/** The last match of `what` in the lines. */
function found({ lines }: Ended, what: RegExp): RegExpExecArray | undefined {
  for (const line of lines.toReversed()) {
    const match = what.exec(line);
    if (match !== null) return match;
  }
  return undefined;
}

function missingPython(ended: Ended): ServingProblem | undefined {
  const gone = ended.lines.some(
    (line) => line.includes(ended.python) && /No such file|not found|Permission denied/.test(line),
  );
  if (!gone) return undefined;
  return {
    text: `The Python of ${nameOf(ended.python)} cannot be run, so ${ended.title} was not served; choose another Python.`,
    next: SELECT,
  };
}

function missingMlflow(ended: Ended): ServingProblem | undefined {
  const { title, python } = ended;
  if (said(ended, /: No module named '?mlflow'?$/)) {
    return {
      text: `mlflow is not installed in ${nameOf(python)}, so ${title} was not served; choose another Python.`,
      next: SELECT,
    };
  }
  // mlflow-skinny has the command, but not what it needs to serve: it fails before it starts the server that loads the model.
  const skinny =
    said(ended, /\b(?:uvicorn|gunicorn): (?:command )?not found/) ||
    (!ended.wasLaunched && said(ended, /^ModuleNotFoundError/));
  if (!skinny || ended.env_manager !== "local") return undefined;
  return {
    text: `The mlflow of ${nameOf(python)} cannot serve, so ${title} was not served; install the whole mlflow.`,
    next: install(python, "mlflow"),
  };
}

/** mlflow 2.9 has no `uv`. */
function unknownManager(ended: Ended): ServingProblem | undefined {
  const { title, python, env_manager } = ended;
  if (!said(ended, /Invalid value for `?'?(?:env_manager|--env-manager)/)) return undefined;
  return {
    text: `The mlflow of ${nameOf(python)} does not know ${env_manager}, so ${title} was not served; serve it in a virtualenv.`,
    next: USE_VIRTUALENV,
  };
}

/** A program that makes environments is not there. */
function missingTool(ended: Ended): ServingProblem | undefined {
  const { title, env_manager } = ended;
  if (env_manager === "local") return undefined;
  const names = env_manager === "virtualenv" ? "virtualenv|pyenv" : env_manager;
  const patterns = [
    new RegExp(`Could not find the (${names}) binary`, "i"),
    new RegExp(`Could not find (Conda) executable`, "i"),
    new RegExp(`(?:^|[ /'"])(${names}): (?:command )?not found`, "i"),
    new RegExp(`No such file or directory: '(?:[^']*/)?(${names})'`, "i"),
    new RegExp(`No module named '?(${names})'?`, "i"),
  ];
  const tool = patterns.map((pattern) => found(ended, pattern)?.[1]).find((name) => name !== undefined);
  if (tool === undefined) return undefined;
  return {
    text: `${tool.toLowerCase()} is not on this machine, so the environment of ${title} was not made; install it, or serve with the interpreter.`,
    next: USE_LOCAL,
  };
}

function halfMadeEnvironment({ title, halfMade }: Ended): ServingProblem | undefined {
  if (halfMade === undefined) return undefined;
  return {
    text: `The environment of ${title} was left half made, so it was not served; make it again.`,
    next: { title: "Make It Again", action: "rebuild", value: halfMade },
  };
}

function failedBuild(ended: Ended): ServingProblem | undefined {
  const { title, env_manager } = ended;
  if (env_manager === "local" || ended.wasReady) return undefined;
  const missing = found(ended, /No matching distribution found for (\S+)/)?.[1];
  const failed =
    missing !== undefined ||
    said(ended, /ShellCommandException|Non-zero exit code: \d|CalledProcessError|No solution found when resolving/);
  if (!failed) return undefined;
  // What pip did not do for another reason than the model's own error when it was loaded.
  if (missing === undefined && said(ended, /File ".*scoring_server\/app\.py"/)) return undefined;
  const why = missing === undefined ? "" : `: ${missing} is nowhere to be had`;
  return {
    text: `The ${env_manager} environment of ${title} could not be made${why}; its log says more.`,
    next: SHOW_LOG,
  };
}

function missingModule(ended: Ended): ServingProblem | undefined {
  const module = found(ended, /ModuleNotFoundError: No module named '([^'.]+)/)?.[1];
  if (module === undefined) return undefined;
  const { title, python, env_manager } = ended;
  if (env_manager !== "local") {
    return {
      text: `${title} needs ${module}, which is not among its requirements; log the model again with it.`,
      next: SHOW_LOG,
    };
  }
  const wanted = requirementOf(ended, module);
  return {
    text: `${title} needs ${wanted}, which ${nameOf(python)} does not have; install it, or serve in a virtualenv.`,
    next: install(python, wanted),
  };
}

/** Packages that are imported by another name. */
const PACKAGES: Record<string, string> = {
  sklearn: "scikit-learn",
  cv2: "opencv-python",
  PIL: "pillow",
  yaml: "pyyaml",
  skimage: "scikit-image",
  bs4: "beautifulsoup4",
  dateutil: "python-dateutil",
};

/** The requirement, with its version, that brings a module: mlflow lists those that are not met. */
function requirementOf({ lines }: Ended, module: string): string {
  const name = PACKAGES[module] ?? module;
  for (const { package: each, required } of mismatches(lines)) {
    if (plain(each) === plain(name)) return required;
  }
  return name;
}

interface Mismatch {
  package: string;
  current: string;
  required: string;
}

function mismatches(lines: readonly string[]): Mismatch[] {
  return lines.flatMap((line) => {
    const [, name, current, required] = /^ - (\S+) \(current: ([^,]+), required: (.+)\)$/.exec(line) ?? [];
    return name === undefined || current === undefined || required === undefined
      ? []
      : [{ package: name, current, required }];
  });
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

function install(python: string, requirement: string): ServingRemedy {
  const quoted = /^[\w./-]+$/.test(python) ? python : `'${python.replaceAll("'", "'\\''")}'`;
  const what = /^[\w.=-]+$/.test(requirement) ? requirement : `'${requirement.replaceAll("'", "'\\''")}'`;
  return { title: "Copy Install Command", action: "copyInstall", value: `${quoted} -m pip install ${what}` };
}

function missingModel(ended: Ended): ServingProblem | undefined {
  const { title } = ended;
  const nowhere =
    said(
      ended,
      /RESOURCE_DOES_NOT_EXIST|\b(?:Model|Run)\b.* not found\.?$|(?:^|: )No such artifact|Could not find an "MLmodel"|No versions of model/,
    ) || said(ended, /Could not find a registered artifact repository/);
  const file = found(ended, /FileNotFoundError: .*No such file or directory: '([^']+)'/)?.[1];
  if (ended.wasReady || (!nowhere && file === undefined)) return undefined;
  const what = file === undefined ? "" : ` (${file.split("/").at(-1) ?? file} is gone)`;
  return {
    text: `The files of ${title} were not found${what}; look whether its artifacts are still there.`,
    next: SHOW_LOG,
  };
}

function unreadablePickle(ended: Ended): ServingProblem | undefined {
  const { title, python, env_manager } = ended;
  const pickled =
    said(ended, /UnpicklingError|Can't get attribute|unsupported pickle protocol|incompatible dtype/) ||
    said(ended, /\b(?:cloudpickle|pickle|joblib|dill)\.loads?\(/);
  if (!pickled || ended.wasReady) return undefined;
  const [other] = mismatches(ended.lines).filter(({ current }) => current !== "uninstalled");
  if (other === undefined || env_manager !== "local") {
    return { text: `${title} could not be loaded: its pickle cannot be read; its log says more.`, next: SHOW_LOG };
  }
  return {
    text: `${title} could not be loaded: it was logged with ${other.required}, and ${nameOf(python)} has ${other.current}.`,
    next: USE_VIRTUALENV,
  };
}

/** mlflow's own last word: the command that it started did not end well, which is known. */
function isOfStarter(line: string): boolean {
  return line.includes("returned non zero return code");
}

/** The folder of its environment; of a Python of the system its own name. */
function nameOf(python: string): string {
  const [program = "", , folder = ""] = python.split(/[\\/]/).toReversed();
  return ["", "usr", "local"].includes(folder) ? program : folder;
}

function shortened(text: string): string {
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}
