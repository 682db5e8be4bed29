/** A text as code, also when it holds a backtick. */
export function code(text: string): string {
  const fence = text.includes("`") ? "``" : "`";
  return `${fence}${text}${fence}`;
}

/** A link that runs a command of the client. */
export function commandLink(text: string, command: string, ...args: unknown[]): string {
  // A bracket would end the link.
  const query = encodeURIComponent(JSON.stringify(args)).replaceAll("(", "%28").replaceAll(")", "%29");
  return `[${escapeMarkdown(text)}](command:${command}?${query})`;
}

/** A text that means nothing but itself. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|!]/g, "\\$&");
}
