/** Word lists that the scripts of test/language/fixtures/scripts take, and words to change them with. */
export interface ScriptCase {
  script: string;
  good: string[][];
  vocabulary: string[];
  /** Takes its time to start. */
  slow?: boolean;
}

/** No `--`: versions of Python differ in what they make of one too many. */
const VALUES = ["1", "0.5", "abc", "-1", "-0.5", "", "a b", "3", "False", "1e-3", "7"];

export const CASES: ScriptCase[] = [
  {
    script: "plain.py",
    good: [
      ["--epochs", "3"],
      ["-e", "3", "--alpha", "0.1", "--solver", "adam"],
      ["--epochs=3", "--layers", "1", "2", "3", "--no-save"],
      ["-qe5", "--verbose"],
    ],
    vocabulary: [
      ...VALUES,
      "--alpha",
      "--alpah",
      "--al",
      "--s",
      "--solver",
      "sgd",
      "--epochs=4",
      "-e",
      "-qx",
      "--verbose=1",
      "--layers",
      "--save",
      "-h",
      "-q",
    ],
  },
  {
    script: "positional.py",
    good: [
      ["d"],
      ["d", "4", "--lr", "0.1"],
      ["--tags", "a", "b", "--", "d"],
      ["-vvn", "3", "d"],
      ["--pair", "1", "2", "d", "5"],
    ],
    vocabulary: [...VALUES, "--lr", "--l", "-v", "-vn4", "-n", "--tags", "--pair", "-x", "d", "--lr=2"],
  },
  {
    script: "commands.py",
    good: [
      ["train", "--lr", "0.1", "--adam"],
      ["--config", "c", "fit", "--lr=1", "--sgd", "--seed", "3"],
      ["evaluate", "m", "--metric", "mae"],
    ],
    vocabulary: [
      ...VALUES,
      "train",
      "trian",
      "evaluate",
      "--lr",
      "--adam",
      "--sgd",
      "--seed",
      "--metric",
      "rmse",
      "--config",
      "m",
      "--sed",
    ],
  },
  {
    script: "known.py",
    good: [
      ["--level", "2"],
      ["--level=1", "--width", "3", "--other", "4"],
      ["--shuffle", "yes", "--level", "3", "x"],
    ],
    vocabulary: [...VALUES, "--level", "4", "--width", "--scale", "--other", "--shuffle", "--sc=3"],
  },
  {
    script: "imported.py",
    good: [
      ["--name", "a"],
      ["--name", "a", "--depth", "3", "--rate", "0.1"],
    ],
    vocabulary: [...VALUES, "--name", "--depth", "--rate", "--rat", "--nam"],
  },
  {
    script: "clicked.py",
    good: [
      ["--epochs", "3", "d"],
      ["-e", "3", "d", "1", "2", "--no-shuffle", "--tag", "a", "--tag", "b"],
      ["-ve4", "d", "--pair", "1", "2", "--flag", "no", "--depth", "3"],
    ],
    vocabulary: [
      ...VALUES,
      "--alpha",
      "--epochs",
      "--epoch",
      "-e",
      "--solver",
      "sgd",
      "--shuffle",
      "--verbose=1",
      "-v",
      "-vx",
      "--depth",
      "9",
      "--flag",
      "yes",
      "--size",
      "--pair",
      "--tag",
      "d",
      "--help",
      "-vz",
    ],
  },
  {
    script: "clickGroup.py",
    good: [
      ["train", "--lr", "1"],
      ["--debug", "score", "m", "--batch-size", "5"],
    ],
    vocabulary: [...VALUES, "train", "score", "evaluate", "--lr", "--debug", "--batch-size", "m", "--batch_size"],
  },
  {
    script: "argv.py",
    good: [
      ["1", "2"],
      ["0.5", "3", "x"],
    ],
    vocabulary: VALUES,
  },
  { script: "argvUnpacked.py", good: [["1", "2"]], vocabulary: VALUES },
  {
    script: "typed.py",
    good: [
      ["d", "--epochs", "3"],
      ["-e", "2", "d", "7", "--alpha", "0.1", "--solver", "adam", "--verbose", "--fresh"],
      ["--no-verbose", "--layers", "1", "--layers", "2", "d", "--name", "x", "-e1"],
    ],
    vocabulary: [
      ...VALUES,
      "--alpha",
      "--epochs",
      "-e",
      "0",
      "--solver",
      "sgd",
      "sgdd",
      "--verbose",
      "--no-verbose",
      "--no-cache",
      "--layers",
      "--name",
      "--help",
    ],
  },
  {
    script: "typedApp.py",
    good: [
      ["train", "--lr", "0.1"],
      ["score", "m", "--strict"],
      ["train", "--lr=1", "--batch-size", "3"],
    ],
    vocabulary: [...VALUES, "train", "score", "evaluate", "--lr", "--batch-size", "--batch_size", "--strict"],
  },
  {
    script: "fired.py",
    good: [
      ["d"],
      ["--data", "d", "--epochs=4"],
      ["d", "5", "--learning-rate", "0.1", "--verbose"],
      ["--data=d", "--noverbose", "-e", "3"],
    ],
    vocabulary: [
      "1",
      "0.5",
      "abc",
      "d",
      "--data",
      "--epochs",
      "--epoch",
      "--learning_rate=3",
      "--learning-rate",
      "--verbose",
      "-l",
      "-z",
      "--noverbose",
    ],
  },
  {
    script: "firedCommands.py",
    good: [
      ["train", "d"],
      ["train", "--data", "d", "--lr=1", "--depth=4"],
      ["--depth", "3", "score", "--metric", "rmse"],
    ],
    vocabulary: ["1", "abc", "--data", "--lr", "--depth", "--metric", "--metrics=3", "rmse"],
  },
  {
    script: "flagged.py",
    good: [
      ["--epochs", "3"],
      ["-epochs=3", "--nocache", "--solver", "adam", "-n", "x", "y"],
      ["--epochs=1", "--cache=false", "--alpha", "-1"],
    ],
    vocabulary: [
      ...VALUES,
      "--epochs",
      "--epoch",
      "--alpha",
      "--solver",
      "--cache",
      "--nocache",
      "--nocache=1",
      "--cache=x",
      "-n",
      "0",
      "--noalpha",
    ],
  },
  {
    script: "composed.py",
    slow: true,
    good: [
      ["main.steps=one"],
      ["model.alpha=0.1", "+extra=3", "model.solver.name=adam"],
      ["tags=[x]", "main.seed=4", "hydra.run.dir=."],
      ["++new.key=1"],
      ["model=forest", "model.trees=3", "+main.more=1"],
    ],
    vocabulary: ["main.step=one", "seed=3", "main={seed: 1}", "model.alpha=2", "model.beta=2", "word"],
  },
];

/** The same for test/language/fixtures/tricky; values and misspelt options are put in by the test. */
export const TRICKY: Record<string, string[][]> = {
  "inherited.py": [["--base", "2", "--child", "1"]],
  "tabled.py": [["--n", "3", "--lr", "1", "--x", "4", "--y", "1", "2"]],
  "twoParsers.py": [["--config", "a", "--lr", "2"]],
  "nested.py": [["one", "--k", "3"], ["three", "deep", "a"], []],
  "mixed.py": [
    ["-b", "2", "--learning-rate", "3", "--flag", "--many", "1", "--many", "2", "--level", "x", "r", "s", "--opt"],
  ],
  "clickShared.py": [
    ["loose", "--zzz", "1", "--seed", "3"],
    ["strict", "--mode", "a", "-cc", "--extra", "1", "s"],
    ["third", "--p", "1", "2.5"],
    [],
  ],
  "typedNested.py": [
    ["-v", "sub", "one", "3", "--b", "1"],
    ["sub", "two-x", "--force", "--n", "4"],
    ["run-it", "p", "--count", "3"],
  ],
  "argvCounted.py": [["1", "b"]],
  "prefixed.py": [["--m-depth", "3", "--m-width", "4"]],
  "firedDict.py": [
    ["add", "1", "--scale", "3"],
    ["show", "x"],
    ["add", "--a", "1", "--b=3"],
  ],
  "flaggedMore.py": [["--name", "x", "--lr=1", "--tags", "a,b", "--k", "1", "--k", "2", "--dry_run"]],
  "actions.py": [["--b", "yes", "--r", "1", "2", "--q1", "3"]],
};

export const TRICKY_VALUES = ["1", "0.5", "abc", "-1", "", "a b", "A", "x", "--help"];
