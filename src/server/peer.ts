// Which operating-system user is at the other end of a connection on this machine.
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isIPv4, type Socket } from "node:net";

const answers = new WeakMap<Socket, boolean>();

/** Whether the other end of the connection was found to belong to the user of this process; see `findUser`. */
export function isSameUser(socket: Socket): boolean {
  return answers.get(socket) ?? false;
}

/**
 * Finds out whose the other end is, once for each connection; undefined when that is known. The kernel goes through all its
 * sockets for it, which takes some ms: not on this thread, and once for all connections that wait for it.
 */
export function findUser(socket: Socket): Promise<void> | undefined {
  if (answers.has(socket)) return undefined;
  return ownerOf(socket).then((owner) => {
    answers.set(socket, owner !== undefined && owner === process.getuid?.());
  });
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
  return [...readNow("tcp").matchAll(listening)].some(([, owner]) => Number(owner) === process.getuid?.());
}

/** The user who owns the other end; undefined when it is not on this machine, not there, or closed already. */
async function ownerOf(socket: Socket): Promise<number | undefined> {
  const { remoteAddress = "", remotePort = 0, localAddress = "", localPort = 0 } = socket;
  if (!isLoopback(remoteAddress) || !tellsUsers()) return undefined;
  // A program that speaks IPv6 to an IPv4 address is listed there under both kinds of names.
  for (const table of isIPv4(unmapped(remoteAddress)) ? (["tcp", "tcp6"] as const) : (["tcp6"] as const)) {
    const here = nameOf({ address: localAddress, port: localPort }, table);
    const there = nameOf({ address: remoteAddress, port: remotePort }, table);
    const text = await tables[table].read();
    const at = text.indexOf(`: ${there} ${here} `);
    if (at === -1) continue;
    const [, , , , , , , owner, , inode] = text
      .slice(at, at + 300)
      .trim()
      .split(/\s+/);
    // The kernel may list a socket that was closed under user 0; its inode is 0 then.
    return inode === "0" ? undefined : Number(owner);
  }
  return undefined;
}

/** A table of the kernel's. */
class Table {
  readonly #name: string;
  #running: Promise<unknown> = Promise.resolve();
  #waiting: Promise<string> | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** What the table says at a moment after this call; one reading answers all who ask before it begins. */
  read(): Promise<string> {
    this.#waiting ??= this.#running.then(() => {
      this.#waiting = undefined;
      // Hidden from this process, or a kernel without IPv6: nothing can be told.
      const reading = readFile(`/proc/net/${this.#name}`, "latin1").catch(() => "");
      this.#running = reading;
      return reading;
    });
    return this.#waiting;
  }
}

const tables = { tcp: new Table("tcp"), tcp6: new Table("tcp6") };

function readNow(table: string): string {
  try {
    return readFileSync(`/proc/net/${table}`, "latin1");
  } catch {
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
