import { spawn, type ChildProcess, type IOType, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { Writable, type Stream } from "node:stream";

// What ends a command when this process cannot: a shell that waits for the end of a pipe which only this process holds.

/** ms that a command gets between SIGTERM and SIGKILL. */
export const GRACE = 10_000;

export interface Guard {
  /** Lets the command go. */
  release(): void;
  /** Ends it, as if this process had died; resolves when that is done. */
  end(): Promise<void>;
}

// Which processes descend from `$1`: `look` finds those of now, and `lives` has their numbers. They are known by their start, too:
// a number may be another process's by then. What has lost its parent is still known when it was found before.
const DESCENT = `
processes() {
  if [ -e /proc/self/stat ]; then
    for file in /proc/[0-9]*/stat; do
      { read -r line < "$file"; } 2>/dev/null || continue
      set -- \${line##*) }
      [ "$1" = Z ] || echo "\${line%% *} $2 \${20}"
    done
  else
    ps -A -o pid= -o ppid=
  fi
}
root=$1
found=
look() {
  all=$(processes)
  lives=" "
  while read -r pid parent start; do
    if [ -z "$found" ] && [ "$pid" = "$root" ]; then
      found=" $pid:$start "
      lives=" $pid "
    else
      case $found in *" $pid:$start "*) lives="$lives$pid " ;; esac
    fi
  done <<< "$all"
  found=\${found:- }
  while :; do
    before=$lives
    while read -r pid parent start; do
      case $lives in *" $pid "*) continue ;; *" $parent "*) lives="$lives$pid " found="$found$pid:$start " ;; esac
    done <<< "$all"
    [ "$lives" = "$before" ] && return
  done
}
`;

/**
 * `$1`: the group; `$2`: tenths of a second of grace; `$3`: a shell command more; `$4`: the first signal; `$5`: a mark, where what has
 * left the group is ended after it. The guard itself does not bear it.
 */
const GROUP = `${DESCENT}
read -r _
[ -z "$5" ] || look
kill -"$4" -"$1" 2>/dev/null
eval "$3"
for _ in $(seq "$2"); do
  kill -0 -"$1" 2>/dev/null || break
  sleep 0.1
done
kill -KILL -"$1" 2>/dev/null
[ -n "$5" ] || exit
look
kill -KILL $lives 2>/dev/null
for _ in $(seq 20); do
  marked=$(grep -lszxF -e "$5" /proc/[0-9]*/environ)
  [ -n "$marked" ] || exit
  for file in $marked; do
    pid=\${file#/proc/}
    kill -KILL "\${pid%/environ}" 2>/dev/null
  done
  sleep 0.1
done
`;

// A command that must stay in this process's group, since the terminal is that group's, is known by its descent.
const TREE = `${DESCENT}
read -r _
look
kill -TERM $lives 2>/dev/null
for _ in $(seq "$2"); do
  sleep 0.1
  look
  [ "$lives" = " " ] && exit
done
kill -KILL $lives 2>/dev/null
`;

/** How a group is asked to end; see `Command`. */
export interface GroupEnd {
  grace?: number;
  endCommand?: string;
  endSignal?: "SIGINT" | "SIGTERM";
  mark?: string;
}

/** Where in `stdio` the word comes that lets a command begin. */
const GO = 3;
/** It becomes what it is told to be once it is guarded, and nothing when this process died before. With --norc and -p no start file is read. */
const GATE = ["--norc", "-p", "-c", `read -r _ <&${GO} || exit 125; exec ${GO}<&-; exec "$@"`, "flowdeck"];

/** Bytes that the system takes as one word (Linux: 128 KiB), with a blank at its end. */
const LONGEST_WORD = (128 << 10) - 2;
/** The same for a shell command that is longer: it comes by the same way, and is not begun when it was cut short. */
const LONG_GATE = [
  "-c",
  `read -r _ <&${GO} && IFS= read -rd "" REPLY <&${GO} || exit 125; exec ${GO}<&-; eval -- "$REPLY"`,
  "bash",
];

/** What of a child's start is the caller's to say. */
export interface GuardedStart extends Pick<SpawnOptions, "cwd" | "env"> {
  /** Standard input, output and error. */
  stdio: [IOType | Stream, IOType | Stream, IOType | Stream];
  /** Absent: it leads a group of its own. */
  foreground?: boolean;
}

export interface GuardedChild {
  child: ChildProcess;
  /** Absent when it could not be started, which the child tells by its event. */
  guard?: Guard;
}

/**
 * Starts a program that ends with this process, however that comes about. It begins when its guard is there: in between nothing
 * would end it. A program that is not there ends with 127.
 */
export function spawnGuarded(file: string, args: readonly string[], how: GuardedStart & GroupEnd): GuardedChild {
  const { cwd, env, stdio, foreground = false } = how;
  const [flag, script = ""] = args;
  const isLong = file === "bash" && flag === "-c" && args.length === 2 && Buffer.byteLength(script) > LONGEST_WORD;
  const child = spawn("bash", isLong ? LONG_GATE : [...GATE, file, ...args], {
    ...{ env, stdio: [...stdio, "pipe"], detached: !foreground },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const { pid } = child;
  const gate = child.stdio[GO];
  if (pid === undefined || !(gate instanceof Writable)) return { child };
  const guard = foreground ? guardTree(pid, how.grace) : guardGroup(pid, how);
  // It may have been ended already.
  gate.on("error", () => undefined);
  gate.end(isLong ? `\n${script}\0` : "\n");
  return { child, guard };
}

/** Ends a process group when this process dies, however that comes about. */
function guardGroup(group: number, how: GroupEnd = {}): Guard {
  const { grace = GRACE, endCommand = "", endSignal = "SIGTERM", mark = "" } = how;
  const [name = ""] = mark.split("=", 1);
  const { [name]: _, ...env } = process.env;
  const told = [String(group), String(Math.ceil(grace / 100)), endCommand, endSignal.slice("SIG".length), mark];
  return start([GROUP, "flowdeck-guard", ...told], env);
}

/** Ends a process and all that descends from it when this process dies. */
function guardTree(pid: number, grace = GRACE): Guard {
  return start([TREE, "flowdeck-guard", String(pid), String(Math.ceil(grace / 100))]);
}

function start(args: readonly string[], env = process.env): Guard {
  // Where nothing tells it otherwise, bash takes the pipe for a remote login and reads ~/.bashrc.
  const guard = spawn("bash", ["--norc", "-p", "-c", ...args], {
    ...{ env, stdio: ["pipe", "ignore", "ignore"], detached: true },
  });
  // Without a guard the command runs all the same.
  guard.on("error", () => undefined);
  guard.stdin.on("error", () => undefined);
  guard.unref();
  if ("unref" in guard.stdin && typeof guard.stdin.unref === "function") guard.stdin.unref();
  return {
    release: () => guard.kill("SIGKILL"),
    end: async () => {
      if (guard.pid === undefined || guard.exitCode !== null || guard.signalCode !== null) return;
      const exit = once(guard, "exit");
      guard.ref();
      guard.stdin.end();
      await exit;
    },
  };
}
