import assert from "node:assert/strict";
import { test } from "node:test";
import { parameterChoices } from "../../src/language/service/parameterChoices.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { scriptFolder } from "./scriptFolder.ts";

const script = (choices: string) => `import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--kind", choices=${choices})
parser.add_argument("--eta", type=float)
parser.add_argument("--depth", type=int, choices=[3, 6])
parser.parse_args()
`;
const folder = scriptFolder({ "a.py": script('["linear", "tree"]'), "b.py": script('["tree", "forest"]') });

const commands: [command: string, choices: Record<string, string[]>][] = [
  ["python a.py --kind {kind} --depth {depth} --eta {eta}", { kind: ["linear", "tree"], depth: ["3", "6"] }],
  ["python a.py --kind={kind}", { kind: ["linear", "tree"] }],
  // Both take it.
  ["python a.py --kind {kind} && python b.py --kind {kind}", { kind: ["tree"] }],
  // The value is not what the script gets.
  ["python a.py --kind my-{kind}", {}],
  ["python gone.py --kind {kind}", {}],
  ["echo {kind}", {}],
];
for (const [command, choices] of commands) {
  test(`choices of the parameters of “${command}”`, () => {
    const document = readMlproject(`entry_points:
  main:
    parameters: {kind: string, eta: float, depth: int}
    command: "${command}"
`);
    const [entryPoint] = document.entryPoints;
    assert(entryPoint !== undefined);
    assert.deepEqual(parameterChoices(document, entryPoint, folder), choices);
  });
}
