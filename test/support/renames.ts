// Renames of the option `eta` of a script to `rate`, and what script and command are afterwards. All scripts run.

/** An MLproject with one entry point. */
export const main = (command: string, parameters = "eta: float", more = "") =>
  `entry_points:\n  main:\n    parameters: {${parameters}}\n    command: ${command}\n${more}`;
export const argparse = (lines: string, rest = "") =>
  `import argparse\np = argparse.ArgumentParser()\n${lines}\nargs = p.parse_args()\n${rest}`;

/** `|`: where the rename begins. */
export const RENAMES: Array<[what: string, script: string, command: string, after: [script: string, command: string]]> =
  [
    [
      "uses of the arguments that cannot be followed: the name is written out",
      argparse('p.add_argument("--e|ta", type=float)', "print(vars(args))\n"),
      "python own.py --eta {eta}",
      [
        argparse('p.add_argument("--rate", dest="eta", type=float)', "print(vars(args))\n"),
        "python own.py --rate {rate}",
      ],
    ],
    [
      "a name of its own",
      argparse('p.add_argument("--e|ta", dest="lr")', "print(args.lr)\n"),
      "python own.py --eta {eta}",
      [argparse('p.add_argument("--rate", dest="lr")', "print(args.lr)\n"), "python own.py --rate {rate}"],
    ],
    [
      "an abbreviation, and a value behind a sign",
      argparse('p.add_argument("-e", "--e|ta")', "print(args.eta)\n"),
      "python own.py --et={eta}",
      [argparse('p.add_argument("-e", "--rate")', "print(args.rate)\n"), "python own.py --rate={rate}"],
    ],
    [
      "click",
      'import click\n@click.command()\n@click.option("--e|ta", type=float)\ndef main(eta):\n    print(f"{eta}", dict(eta=eta))\nmain()\n',
      "python own.py --eta {eta}",
      [
        'import click\n@click.command()\n@click.option("--rate", type=float)\ndef main(rate):\n    print(f"{rate}", dict(eta=rate))\nmain()\n',
        "python own.py --rate {rate}",
      ],
    ],
    [
      "click with a function that has the new name already",
      'import click\n@click.command()\n@click.option("--e|ta", type=float)\ndef main(eta):\n    rate = eta\n    print(rate)\nmain()\n',
      "python own.py --eta {eta}",
      [
        'import click\n@click.command()\n@click.option("--rate", "eta", type=float)\ndef main(eta):\n    rate = eta\n    print(rate)\nmain()\n',
        "python own.py --rate {rate}",
      ],
    ],
    [
      "typer",
      "import typer\ndef main(e|ta: float = 1):\n    print(eta)\ntyper.run(main)\n",
      "python own.py --eta {eta}",
      ["import typer\ndef main(rate: float = 1):\n    print(rate)\ntyper.run(main)\n", "python own.py --rate {rate}"],
    ],
    [
      "fire",
      "import fire\ndef main(e|ta=1):\n    print(eta)\nfire.Fire(main)\n",
      "python own.py --eta={eta}",
      ["import fire\ndef main(rate=1):\n    print(rate)\nfire.Fire(main)\n", "python own.py --rate={rate}"],
    ],
    [
      "absl",
      'from absl import app, flags\nFLAGS = flags.FLAGS\nflags.DEFINE_float("e|ta", 1, "")\nflags.mark_flag_as_required("eta")\ndef main(_):\n    print(FLAGS.eta)\napp.run(main)\n',
      "python own.py -eta={eta}",
      [
        'from absl import app, flags\nFLAGS = flags.FLAGS\nflags.DEFINE_float("rate", 1, "")\nflags.mark_flag_as_required("rate")\ndef main(_):\n    print(FLAGS.rate)\napp.run(main)\n',
        "python own.py -rate={rate}",
      ],
    ],
  ];
