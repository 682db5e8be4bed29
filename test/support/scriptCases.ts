/** Word lists that the scripts of test/language/fixtures/scripts take, and words to change them with. */
export interface ScriptCase {
  script: string;
  good: string[][];
  vocabulary: string[];
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
];
