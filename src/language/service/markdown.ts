/** A text as code on one line, whatever it holds: what broke out of it could be a link that runs something. */
export function code(text: string): string {
  const fence = fenceFor(text, 1);
  const blank = /^`|`$/.test(text) ? " " : "";
  return `${fence}${blank}${text.replace(/\s*[\r\n]\s*/g, " ")}${blank}${fence}`;
}

/** Lines of code, whatever they hold. */
export function codeBlock(language: string, text: string): string {
  const fence = fenceFor(text, 3);
  return `${fence}${language}\n${text}\n${fence}`;
}

function fenceFor(text: string, least: number): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length + 1);
  return "`".repeat(Math.max(least, ...runs));
}

/** A link to a line, from 1, of a file. */
export function fileLink(path: string, line: number, uri: string): string {
  return `[${escapeMarkdown(path)}:${line}](${withoutBrackets(uri)}#L${line})`;
}

/** A bracket would end the link. */
function withoutBrackets(uri: string): string {
  return uri.replaceAll("(", "%28").replaceAll(")", "%29");
}

/** A link that runs a command of the client. */
export function commandLink(text: string, command: string, ...args: unknown[]): string {
  const query = withoutBrackets(encodeURIComponent(JSON.stringify(args)));
  return `[${escapeMarkdown(text)}](command:${command}?${query})`;
}

/** A text that means nothing but itself. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|!]/g, "\\$&");
}
