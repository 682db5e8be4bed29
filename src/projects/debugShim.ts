import { appendFile, chmod, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAlive, ownMark } from "../processes/processes.ts";
import { readMark } from "./processMark.ts";
import { shellQuote } from "./shellQuote.ts";

/** How a run of an entry point is debugged: every Python that its command starts asks the editor for a debugger of its own. */
export interface DebugRequest {
  /**
   * Absolute path of a folder of this run alone, where the two meet. A Python that starts writes `wanted.<pid>`; the editor
   * answers with `port.<pid>`, whose text is a port of 127.0.0.1 where a debug adapter waits for it.
   */
  folder: string;
  /** What stands behind the interpreter to run debugpy: `-m debugpy`, or the path of its package. */
  debugpy: string[];
}

/** s that a starting Python waits for the editor's answer. */
const PATIENCE = 60;

/** Who uses a debugged run's folder: marks of processes, one a line. */
const OWNERS = "owners";

/** Tells that this process uses the folder, which stays as long as one that does lives. Never throws. */
export async function useDebugFolder({ folder }: Pick<DebugRequest, "folder">): Promise<void> {
  await appendFile(join(folder, OWNERS), `${JSON.stringify(ownMark())}\n`).catch(() => undefined);
}

/** Removes the folders below `root` that nobody uses any more: their window and their runner were ended without warning. Never throws. */
export async function sweepDebugFolders(root: string): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    const folder = join(root, name);
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }));
    // It is being made.
    if (Date.now() - mtimeMs < BEING_MADE) continue;
    const lines = (await readFile(join(folder, OWNERS), "utf8").catch(() => "")).split("\n");
    if (!lines.flatMap((line) => readMark(line) ?? []).some(isAlive)) await removeShims({ folder });
  }
}

/** ms */
const BEING_MADE = 60_000;

/** Puts programs called `python` into the folder that run the real one under debugpy; gives the shell text that puts them first on PATH. */
export async function writeShims({ folder, debugpy }: DebugRequest, command: string): Promise<string> {
  const bin = join(folder, "bin");
  await mkdir(bin, { recursive: true, mode: 0o700 });
  const named = command.match(/\bpython3\.\d+\b/g) ?? [];
  for (const name of new Set(["python", "python3", ...named])) {
    const file = join(bin, name);
    await writeFile(file, shim(folder, bin, debugpy), { mode: 0o700 });
    await chmod(file, 0o700);
  }
  return `PATH=${shellQuote(bin)}:"$PATH" && `;
}

/** Never throws. */
export async function removeShims({ folder }: Pick<DebugRequest, "folder">): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

// A script, a module or code is what debugpy (1.8) runs; options of the interpreter itself go before debugpy, those that stand in one
// word with it (`-um train`), too. A Python
// started by one that is debugged is followed by debugpy itself, so it must not ask once more.
function shim(folder: string, bin: string, debugpy: readonly string[]): string {
  return `#!/usr/bin/env bash
name=\${0##*/}
real=
IFS=: read -r -a folders <<< "$PATH"
for one in "\${folders[@]}"; do
  if [ "$one" != ${shellQuote(bin)} ] && [ -f "$one/$name" ] && [ -x "$one/$name" ]; then real=$one/$name; break; fi
done
if [ -z "$real" ]; then echo "$name: command not found" >&2; exit 127; fi
if [ -n "$FLOWDECK_DEBUGGED" ]; then exec "$real" "$@"; fi
all=("$@")
flags=()
target=
while [ $# -gt 0 ]; do
  case $1 in
    --check-hash-based-pycs)
      if [ $# -eq 1 ]; then break; fi
      flags+=("$1" "$2"); shift 2 ;;
    -) break ;;
    --*) flags+=("$1"); shift ;;
    -*)
      before=\${1%%[mcWX]*}
      if [ "$before" = "$1" ]; then flags+=("$1"); shift; continue; fi
      letter=\${1:\${#before}:1} rest=\${1:\${#before}+1}
      if [ "$before" != - ]; then flags+=("$before"); fi
      shift
      if [ -n "$rest" ]; then set -- "$rest" "$@"; elif [ $# -eq 0 ]; then break; fi
      case $letter in
        m|c) target=-$letter; set -- "$target" "$@"; break ;;
        *) flags+=("-$letter" "$1"); shift ;;
      esac ;;
    *) target=$1; break ;;
  esac
done
if [ -z "$target" ]; then exec "$real" "\${all[@]}"; fi
folder=${shellQuote(folder)}
: > "$folder/wanted.$$"
for ((n = 0; n < ${PATIENCE * 20}; n++)); do
  if [ -s "$folder/port.$$" ]; then
    # Else Pythons from 3.11 on warn of their frozen modules, which are not the person's code.
    export FLOWDECK_DEBUGGED=1 PYDEVD_DISABLE_FILE_VALIDATION=1
    exec "$real" "\${flags[@]}" ${debugpy.map((word) => shellQuote(word)).join(" ")} --connect "127.0.0.1:$(cat "$folder/port.$$")" "$@"
  fi
  sleep 0.05
done
echo "Flowdeck: the editor did not answer, so $name runs without its debugger." >&2
exec "$real" "\${all[@]}"
`;
}
