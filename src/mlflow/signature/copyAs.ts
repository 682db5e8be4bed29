import type { PrintedRequest } from "./requests.ts";

export const COPY_KINDS = ["curl", "python", "typescript"] as const;

export type CopyKind = (typeof COPY_KINDS)[number];

export const COPY_TITLES: Record<CopyKind, string> = { curl: "curl", python: "Python", typescript: "TypeScript" };

/** A program that sends a request: a shell line, or a script without packages. `url` is the server's, without a path. */
export function copyAs(kind: CopyKind, url: string, { body, contentType }: PrintedRequest): string {
  const address = `${url}/invocations`;
  switch (kind) {
    case "curl":
      return `curl ${address} \\\n  -H 'Content-Type: ${contentType}' \\\n  --data-binary ${shellQuoted(body)}`;
    case "python":
      return pythonOf(address, body, contentType);
    case "typescript":
      return typescriptOf(address, body, contentType);
    default:
      return kind satisfies never;
  }
}

/** One word of a POSIX shell. curl itself reads a body that begins with @ as a file. */
function shellQuoted(text: string): string {
  const bare = text.startsWith("@") ? ` ${text}` : text;
  return `'${bare.replaceAll("'", String.raw`'\''`)}'`;
}

function pythonOf(address: string, body: string, contentType: string): string {
  return [
    "import json",
    "import urllib.request",
    "",
    `body = ${asciiText(body)}`,
    "request = urllib.request.Request(",
    `    ${asciiText(address)},`,
    '    data=body.encode("utf-8"),',
    `    headers={"Content-Type": ${asciiText(contentType)}},`,
    ")",
    "with urllib.request.urlopen(request) as response:",
    "    print(json.load(response))",
    "",
  ].join("\n");
}

function typescriptOf(address: string, body: string, contentType: string): string {
  return [
    `const response = await fetch(${asciiText(address)}, {`,
    '  method: "POST",',
    `  headers: { "Content-Type": ${asciiText(contentType)} },`,
    `  body: ${asciiText(body)},`,
    "});",
    "if (!response.ok) throw new Error(await response.text());",
    "console.log(await response.json());",
    "",
  ].join("\n");
}

/** A text that Python and TypeScript read alike: JSON's escapes, nothing but ASCII, no half of a pair alone. */
function asciiText(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll(/[^ -~]/gu, (sign) => {
    const point = sign.codePointAt(0) ?? 0;
    if (point <= 0xffff) return `\\u${point.toString(16).padStart(4, "0")}`;
    // Python joins no two halves: it has an escape for the whole, TypeScript another; the sign itself both read.
    return sign;
  });
}
