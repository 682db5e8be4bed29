import { randomInt } from "node:crypto";
import { firstFree } from "../../src/extension/serving/ports.ts";

/** Below what the system gives to those who ask for any port (32,768 to 60,999 on Linux). */
const [FIRST, COUNT] = [20_000, 12_000];

/** A port of 127.0.0.1 that nobody listens on, and that nobody gets by chance before it is used. */
export function freePort(): Promise<number> {
  return firstFree(FIRST + randomInt(COUNT), new Set());
}
