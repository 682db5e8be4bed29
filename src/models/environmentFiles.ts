import { parseDocument } from "yaml";
import {
  normalName,
  pipRequirement,
  pipRequirements,
  pythonRequirement,
  type Requirement,
  requirement,
  type RequirementTexts,
} from "./requirements.ts";

/** What a model needs: packages of requirements.txt, else of conda.yaml; Python of python_env.yaml, else of conda.yaml. */
export function requirementsOf(files: RequirementTexts): Requirement[] {
  const conda = condaRequirements(files["conda.yaml"] ?? "");
  const isPython = ({ name }: Requirement) => name === "python";
  const python = pythonRequirement(files["python_env.yaml"] ?? "") ?? conda.find(isPython);
  const pip = files["requirements.txt"];
  const packages = pip === undefined ? conda.filter((one) => !isPython(one)) : pipRequirements(pip);
  return [...(python === undefined ? [] : [python]), ...packages];
}

/** Packages of a conda.yaml, those below `pip` included; pip and its like are not the model's. */
export function condaRequirements(text: string): Requirement[] {
  const document = parseDocument(text, { uniqueKeys: false, logLevel: "silent" });
  const root: unknown = document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 });
  return listOf(root, "dependencies").flatMap((item): Requirement[] => {
    if (typeof item !== "string") {
      return listOf(item, "pip").flatMap((line) => (typeof line === "string" ? (pipRequirement(line) ?? []) : []));
    }
    const [, name, rest = ""] = /^\s*(?:\S+::)?([A-Za-z0-9][\w.-]*)\s*(.*)$/.exec(item) ?? [];
    if (name === undefined || TOOLS.has(normalName(name))) return [];
    const found = requirement(name, condaVersion(rest.trim()));
    return found === undefined ? [] : [found];
  });
}

const TOOLS = new Set(["pip", "setuptools", "wheel"]);

/** `=1.5` is conda's for `==1.5.*`; `=1.5=build` names a build, too. */
function condaVersion(text: string): string {
  const exact = /^==([^=,\s]+)(?:=\S*)?$/.exec(text)?.[1];
  if (exact !== undefined) return `==${exact}`;
  const fuzzy = /^=([^=<>!~,\s]+)(?:=\S*)?$/.exec(text)?.[1];
  return fuzzy === undefined ? text : `==${fuzzy.replace(/\.?\*$/, "")}.*`;
}

function listOf(value: unknown, key: string): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  const list: unknown = Reflect.get(value, key);
  return Array.isArray(list) ? list : [];
}
