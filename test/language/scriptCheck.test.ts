import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { problemsOf } from "../../src/language/service/problems.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { fixture, scriptFolder } from "./scriptFolder.ts";

/** `severity code text` of what is told of scripts. */
function told(parameters: string, command: string, workspace = scriptFolder()): string[] {
  const text = `entry_points:\n  main:\n    parameters: ${parameters}\n    command: ${JSON.stringify(command)}\n`;
  return problemsOf(readMlproject(text), workspace)
    .filter(({ code }) => code.startsWith("script-"))
    .map(({ severity, code, range }) => `${severity} ${code} ${text.slice(range.start, range.end)}`);
}

describe("commands and the scripts they call", () => {
  const cases: Array<[what: string, parameters: string, command: string, told: string[]]> = [
    ["all is well", "{a: {default: 0.5}}", "python plain.py --epochs 3 --alpha {a}", []],
    ["a value is given at run time", "{e: float}", "python plain.py --epochs {e}", []],
    ["a misspelt option", "{}", "python plain.py -e 3 --alpah 1", ["error script-option-unknown --alpah"]],
    [
      "a misspelt option with its value",
      "{a: float}",
      "python plain.py -e 3 --alpah={a}",
      ["error script-option-unknown --alpah={a}"],
    ],
    ["nothing of a command that bash cannot read", "{}", "python plain.py -e few 'x", []],
    ["an abbreviation", "{}", "python plain.py --ep 3 --al 1", []],
    [
      "a required option may come with the run",
      "{}",
      "python plain.py --alpha 1",
      ["hint script-option-missing plain.py"],
    ],
    [
      "a required option is declared, and not passed on",
      "{epochs: float}",
      "python plain.py --alpha 1",
      ["warning script-option-missing plain.py"],
    ],
    ["a literal of the wrong type", "{}", "python plain.py -e few", ["error script-value-type few"]],
    ["a default of the wrong type", "{e: {default: 0.5}}", "python plain.py -e {e}", ["warning script-value-type 0.5"]],
    ["an empty default for a number", "{e: {default: ''}}", "python plain.py -e {e}", ["warning script-value-type ''"]],
    [
      "a default that is no choice",
      "{s: {default: adagrad}}",
      "python plain.py -e 1 --solver {s}",
      ["warning script-value-choice adagrad"],
    ],
    ["a literal that is no choice", "{}", "python plain.py -e 1 --solver sgdd", ["error script-value-choice sgdd"]],
    [
      "a switch with a value",
      "{v: {default: true}}",
      "python plain.py -e 1 --verbose {v}",
      ["error script-argument-needless {v}"],
    ],
    [
      "a switch with a value of the run",
      "{v: string}",
      "python plain.py -e 1 --verbose {v}",
      ["error script-argument-needless {v}"],
    ],
    ["a whole option as a value", "{o: {default: --verbose}}", "python plain.py -e 1 {o}", []],
    ["a whole option of the run", "{o: string}", "python plain.py -e 1 {o}", []],
    ["an option without its value", "{}", "python plain.py -e", ["error script-value-missing -e"]],
    ["words of another command", "{}", "python plain.py $(cat words)", []],
    [
      "an unknown option beside them",
      "{}",
      "python plain.py $(cat words) --alpah 3",
      ["error script-option-unknown --alpah"],
    ],
    ["braces of the shell", "{}", "python positional.py d --pair {{1,2}}", []],
    ["words of a variable", "{}", "python plain.py $WORDS", []],
    ["two calls", "{}", "python plain.py -e 1 && python plain.py -e x", ["error script-value-type x"]],
    ["a redirection", "{}", "python plain.py -e 1 > log.txt 2>&1", []],
    ["a pipe", "{}", "python plain.py -e 1 | tee --alpah", []],
    ["a comment", "{}", "python plain.py -e 1 # --alpah", []],
    ["another program", "{}", "echo python plain.py --alpah", []],
    ["a positional is missing", "{}", "python positional.py", ["warning script-option-missing positional.py"]],
    ["a positional too many", "{}", "python positional.py a 3 4", ["error script-argument-needless 4"]],
    ["no abbreviations", "{}", "python positional.py a --l 3", ["error script-option-unknown --l"]],
    [
      "a command's option",
      "{}",
      "python commands.py train --lr 1 --adam --sed 2",
      ["error script-option-unknown --sed"],
    ],
    ["an unknown command", "{}", "python commands.py trian", ["error script-command-unknown trian"]],
    ["unknown options are let pass", "{}", "python known.py --level 1 --other 2", []],
    [
      "bool() of a text",
      "{s: {default: false}}",
      "python known.py --level 1 --shuffle {s}",
      ["warning script-value-true false"],
    ],
    [
      "options of another module",
      "{}",
      "python imported.py --name a --dept 3 --depth x",
      ["error script-value-type x"],
    ],
    [
      "click has no abbreviations",
      "{}",
      "python clicked.py d --epochs 1 --verb",
      ["error script-option-unknown --verb"],
    ],
    ["sys.argv", "{}", "python argv.py 1", ["warning script-option-missing argv.py"]],
    [
      "python and its options",
      "{}",
      "PYTHONPATH=. python3 -u -W ignore plain.py --alpah 1 -e 1",
      ["error script-option-unknown --alpah"],
    ],
    ["uv", "{}", "uv run --frozen plain.py --alpah 1 -e 1", ["error script-option-unknown --alpah"]],
    [
      "a launcher",
      "{}",
      "torchrun --nproc_per_node 2 plain.py --alpah 1 -e 1",
      ["error script-option-unknown --alpah"],
    ],
  ];
  for (const [what, parameters, command, expected] of cases) {
    test(what, () => assert.deepEqual(told(parameters, command), expected));
  }

  test("a module is looked for in the folder the command goes to", () => {
    const workspace = scriptFolder({ "src/package/train.py": fixture("plain.py") });
    assert.deepEqual(told("{}", "cd src && python -m package.train -e 1 --alpah 2", workspace), [
      "error script-option-unknown --alpah",
    ]);
  });
  test("a script that hands its parser on may take more", () => {
    const text = "import argparse, other\np = argparse.ArgumentParser()\nother.add(p)\np.parse_args()\n";
    assert.deepEqual(told("{}", "python own.py --what 1", scriptFolder({ "own.py": text })), []);
  });
  test("an option that is only added sometimes is known, and not required", () => {
    const text =
      "import argparse, os\np = argparse.ArgumentParser()\nif os.name:\n    p.add_argument('--a', required=True)\np.parse_args()\n";
    const workspace = scriptFolder({ "own.py": text });
    assert.deepEqual(told("{}", "python own.py", workspace), []);
    assert.deepEqual(told("{}", "python own.py --a 1", workspace), []);
    assert.deepEqual(told("{}", "python own.py --b 1", workspace), ["error script-option-unknown --b"]);
  });
  test("a file may hold the words that are not there", () => {
    const text =
      "import argparse\np = argparse.ArgumentParser(fromfile_prefix_chars='@')\np.add_argument('data')\np.parse_args()\n";
    const workspace = scriptFolder({ "own.py": text });
    assert.deepEqual(told("{}", "python own.py", workspace), ["warning script-option-missing own.py"]);
    assert.deepEqual(told("{}", "python own.py @words.txt", workspace), []);
  });
  test("nothing is told of a script that is being typed", () => {
    const workspace = scriptFolder({ "own.py": `${fixture("plain.py")}\nx = (\n` });
    assert.deepEqual(told("{}", "python own.py --what", workspace), []);
  });
});

test("a declaration that does not suit the script's own is told", () => {
  const script =
    "import argparse\np = argparse.ArgumentParser()\np.add_argument('--n', type=int, default=3)\np.add_argument('--lr', type=float, default=1e-3)\np.add_argument('--kind', choices=['a', 'b'], default='a')\np.parse_args()\n";
  const workspace = scriptFolder({ "own.py": script });
  const cases: Array<[parameters: string, words: string, told: string[]]> = [
    ["{n: path}", "--n {n}", ["error script-value-type path"]],
    ["{n: uri}", "--n={n}", ["error script-value-type uri"]],
    ["{n: path}", "--n {n} --kind {n}", ["error script-value-choice path", "error script-value-type path"]],
    ["{n: path}", "--n 1{n}", []],
    ["{n: float}", "--n {n}", []],
    ["{n: float}", "--lr {n}", []],
    ["{n: {type: float, default: 3}}", "--n {n}", []],
    ["{n: {type: float, default: 4}}", "--n {n}", ["hint script-default-differs 4"]],
    ["{n: {type: float, default: 0.001}}", "--lr {n}", []],
    ["{n: {default: b}}", "--kind {n}", ["hint script-default-differs b"]],
    ["{n: {default: c}}", "--kind {n}", ["warning script-value-choice c"]],
  ];
  for (const [parameters, words, expected] of cases)
    assert.deepEqual(
      told(parameters, `python own.py ${words}`, workspace).toSorted(),
      expected,
      `${parameters} ${words}`,
    );
});

test("a command of click is called with the ending of its function, as before 8.2, or without it", () => {
  const text = "import click\n@click.group()\ndef cli(): pass\n@cli.command()\ndef train_cmd(): pass\ncli()\n";
  const workspace = scriptFolder({ "own.py": text });
  for (const name of ["train", "train-cmd"]) assert.deepEqual(told("{}", `python own.py ${name}`, workspace), []);
  assert.deepEqual(told("{}", "python own.py trian", workspace), ["error script-command-unknown trian"]);
});

test("words that a script tries to read, and values between options, are no mistake", () => {
  const workspace = scriptFolder({
    "tried.py":
      "import sys\ntry:\n    a = float(sys.argv[1])\n    _, b = sys.argv\nexcept (IndexError, ValueError):\n    a = 1\n",
    "mixed.py":
      "import argparse\np = argparse.ArgumentParser()\np.add_argument('--a')\np.add_argument('b', nargs='*')\np.parse_intermixed_args()\n",
    "read.py": "import sys\na = float(sys.argv[1])\n",
  });
  assert.deepEqual(told("{}", "python tried.py", workspace), []);
  assert.deepEqual(told("{}", "python tried.py 1 2 3", workspace), []);
  assert.deepEqual(told("{}", "python mixed.py x --a 1 y", workspace), []);
  assert.deepEqual(told("{}", "python read.py", workspace), ["warning script-option-missing read.py"]);
});

describe("options that are added in ways which are not followed are let pass", () => {
  const ways: Array<[how: string, head: string, words?: string]> = [
    ["a comprehension", "[p.add_argument('--' + n) for n in ('a', 'b')]"],
    ["a lambda", "add = lambda name: p.add_argument(name)\nadd('--a')"],
    ["map", "list(map(p.add_argument, ['--a']))"],
    ["functools.partial", "from functools import partial\nadd = partial(p.add_argument, type=int)\nadd('--a')"],
    ["getattr", "getattr(p, 'add_argument')('--a')"],
    ["a list of parsers", "import other\nother.extend([p])"],
    [
      "a property",
      "class A:\n    def __init__(self):\n        self._p = p\n        self.p.add_argument('--a')\n    @property\n    def p(self):\n        return self._p\np = A()._p",
    ],
    [
      "another conflict handler",
      "p = argparse.ArgumentParser(conflict_handler='resolve')\np.add_argument('-a', '--b')\np.add_argument('--b')",
      "-a 1",
    ],
  ];
  for (const [how, lines, words = "--a 1"] of ways) {
    test(how, () => {
      const text = `import argparse\np = argparse.ArgumentParser()\n${lines}\np.parse_args()\n`;
      assert.deepEqual(told("{}", `python own.py ${words}`, scriptFolder({ "own.py": text })), []);
    });
  }
  test("commands of click that follow each other", () => {
    const text =
      "import click\n@click.group(chain=True)\ndef cli(): pass\n@cli.command()\ndef a(): pass\n@cli.command()\n@click.option('-n')\ndef b(n): pass\ncli()\n";
    assert.deepEqual(told("{}", "python own.py a b -n 3", scriptFolder({ "own.py": text })), []);
  });
  test("a list of other things leaves a parser as it is", () => {
    const text =
      "import argparse\np = argparse.ArgumentParser()\nx = [n for n in ('a', 'b')]\nprint(len(x), p)\np.parse_args()\n";
    assert.deepEqual(told("{}", "python own.py --a 1", scriptFolder({ "own.py": text })), [
      "error script-option-unknown --a",
    ]);
  });
});

describe("options that are made of a dataclass", () => {
  const fields =
    "    '''Trains.'''\n    name: str\n    lr: float = 1e-3\n    kind: Literal['a', 'b'] = 'a'\n    max_rows: Optional[int] = None\n    layers: List[int] = field(default_factory=list)\n    fast: bool = False\n    save: bool = field(default=True, metadata={'help': 'Saves.'})\n";
  const head = `from dataclasses import dataclass, field\nfrom typing import List, Literal, Optional\n\n@dataclass\nclass Options:\n${fields}`;
  const hf = `${head}\nfrom transformers import HfArgumentParser\nparser = HfArgumentParser(Options)\n(options,) = parser.parse_args_into_dataclasses()\n`;
  const tyro = `${head}\nimport tyro\noptions = tyro.cli(Options)\n`;
  const cases: Array<[what: string, script: string, words: string, told: string[]]> = [
    ["transformers", hf, "--name x --lr 3 --kind b --max-rows 3 --layers 1 2 --fast --no_save", []],
    ["both spellings, and a truth with its value", hf, "--name x --max_rows 3 --fast true --save no", []],
    ["an unknown option", hf, "--name x --lrr 3", ["error script-option-unknown --lrr"]],
    [
      "a value of another type",
      hf,
      "--name x --max_rows few --kind c",
      ["error script-value-type few", "error script-value-choice c"],
    ],
    ["nothing that is required", hf, "", ["hint script-option-missing own.py"]],
    ["more classes than are known", hf.replace("(Options)", "((Options, Other))"), "--output_dir x", []],
    ["a rest that is given back", hf.replace("es()", "es(return_remaining_strings=True)"), "--name x --lrr 3", []],
    ["tyro", tyro, "--name x --lr 3 --kind b --max_rows 3 --layers 1 2 --fast --no-save", []],
    ["an unknown option of tyro", tyro, "--name x --lrr 3", ["error script-option-unknown --lrr"]],
    ["a value that may be None", tyro, "--name x --max-rows None", []],
    ["a switch of tyro with a value", tyro, "--name x --fast true", ["error script-argument-needless true"]],
    [
      "a function of tyro",
      "import tyro\ndef main(lr: float, n: int = 3): pass\ntyro.cli(main)\n",
      "--lr x",
      ["error script-value-type x"],
    ],
    ["a type of its own", tyro.replace("lr: float = 1e-3", "lr: Other = 1"), "--name x --lr.y 3 --z 4", []],
    ["other words than the command line's", tyro.replace("cli(Options)", "cli(Options, args=[])"), "--z 4", []],
  ];
  for (const [what, script, words, expected] of cases)
    test(what, () =>
      assert.deepEqual(told("{}", `python own.py ${words}`, scriptFolder({ "own.py": script })), expected),
    );
});

test("decorators that wrap keep the options below them, and what an import may be is either", () => {
  const wrapping =
    "import click\nfrom functools import wraps\ndef common(f):\n    @click.option('--x')\n    @wraps(f)\n    def w(*a, **k): return f(*a, **k)\n    return w\n@click.command()\n@common\n@click.option('--lr', type=float)\ndef main(**kw): pass\nmain()\n";
  const trying =
    "import argparse\ntry:\n    import other\nexcept ImportError:\n    other = None\np = argparse.ArgumentParser()\nif other:\n    p.add_argument('--x')\np.add_argument('--lr')\np.parse_args()\n";
  for (const script of [wrapping, trying])
    assert.deepEqual(told("{}", "python own.py --lr 3 --x 4", scriptFolder({ "own.py": script })), []);
});
