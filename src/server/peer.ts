// Which operating-system user is at the other end of a connection on this machine.
import { readFileSync } from "node:fs";
import { isIPv4, type Socket } from "node:net";

const answers = new WeakMap<Socket, boolean>();

/** Whether the other end of the connection belongs to the user of this process; false when the system does not tell. */
export function isSameUser(socket: Socket): boolean {
  const known = answers.get(socket);
  if (known !== undefined) return known;
  const { remoteAddress = "", remotePort = 0, localAddress = "", localPort = 0 } = socket;
  const owner = isLoopback(remoteAddress)
    ? ownerOf({ address: remoteAddress, port: remotePort }, { address: localAddress, port: localPort })
    : undefined;
  const same = owner !== undefined && owner === process.getuid?.();
  answers.set(socket, same);
  return same;
}

/** Whether this system tells whose a connection is. */
export function tellsUsers(): boolean {
  return process.platform === "linux" && typeof process.getuid === "function" && !isAmbiguous();
}

interface End {
  address: string;
  port: number;
}

/** Whether a program of this user listens at the port of 127.0.0.1; undefined when the system does not tell. */
export function listensHere(port: number): boolean | undefined {
  if (!tellsUsers()) return undefined;
  const listening = new RegExp(`:${hex(port, 4)} [0-9A-F]+:0000 0A (?:\\S+ +){3}(\\d+)`, "g");
  return [...readTable("tcp").matchAll(listening)].some(([, owner]) => Number(owner) === process.getuid?.());
}

/** The user who owns the socket at `from`, connected to `to`; undefined when it is not there, or closed already. */
function ownerOf(from: End, to: End): number | undefined {
  if (!tellsUsers()) return undefined;
  // A program that speaks IPv6 to an IPv4 address is listed there under both kinds of names.
  for (const table of isIPv4(unmapped(from.address)) ? (["tcp", "tcp6"] as const) : (["tcp6"] as const)) {
    const [local, remote] = [nameOf(from, table), nameOf(to, table)];
    const text = readTable(table);
    const at = text.indexOf(`: ${local} ${remote} `);
    if (at === -1) continue;
    const [, , , , , , , owner, , inode] = text
      .slice(at, at + 300)
      .trim()
      .split(/\s+/);
    // The kernel lists a socket that was closed under user 0 and inode 0.
    return inode === "0" ? undefined : Number(owner);
  }
  return undefined;
}

function readTable(table: string): string {
  try {
    return readFileSync(`/proc/net/${table}`, "latin1");
  } catch {
    // Hidden from this process, or a kernel without IPv6: nothing can be told.
    return "";
  }
}

/** As the kernel writes it: words of four bytes, each in the order of the machine. */
function nameOf({ address, port }: End, table: "tcp" | "tcp6"): string {
  const plain = unmapped(address);
  const four = isIPv4(plain);
  const bytes = four ? plain.split(".").map(Number) : LOOPBACK_6;
  const whole = table === "tcp" || !four ? bytes : [...MAPPED, ...bytes];
  let name = "";
  for (let i = 0; i < whole.length; i += 4) {
    for (const byte of whole.slice(i, i + 4).toReversed()) name += hex(byte, 2);
  }
  return `${name}:${hex(port, 4)}`;
}

const LOOPBACK_6 = [...Array<number>(15).fill(0), 1];
const MAPPED = [...Array<number>(10).fill(0), 255, 255];

function unmapped(address: string): string {
  return address.replace(/^::ffff:/i, "");
}

function isLoopback(address: string): boolean {
  return address === "::1" || (isIPv4(unmapped(address)) && unmapped(address).startsWith("127."));
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, "0");
}

let ambiguous: boolean | undefined;

/** Inside a container of users the kernel lists everybody from outside as one user, who must not be taken for ours. */
function isAmbiguous(): boolean {
  if (ambiguous !== undefined) return ambiguous;
  try {
    const overflow = Number(readFileSync("/proc/sys/kernel/overflowuid", "latin1"));
    const everybody = /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync("/proc/self/uid_map", "latin1"));
    return (ambiguous = !everybody && process.getuid?.() === overflow);
  } catch {
    // A kernel without namespaces of users.
    return (ambiguous = false);
  }
}
