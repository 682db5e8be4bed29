"""Writes what came of the workflow as a page of its run."""

import argparse

import mlflow


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--winner", required=True)
    parser.add_argument("--accuracy", type=float, required=True)
    parser.add_argument("--rows", type=float, required=True)
    args = parser.parse_args()

    wrong = round(args.rows * (1 - args.accuracy))
    page = (
        f"# The {args.winner} network wins\n\n"
        f"It takes {wrong} of {args.rows:.0f} wines for another cultivar: an accuracy of {args.accuracy:.3f}.\n"
    )
    with mlflow.start_run():
        mlflow.log_text(page, "report.md")
        mlflow.set_tag("mlflow.note.content", page)
        print(page)


if __name__ == "__main__":
    main()
