/** `text` as one word of a POSIX shell (Python's `shlex.quote`), or of cmd.exe as mlflow 3.17.2 quotes there. */
export function shellQuote(text: string, windows = false): string {
  if (windows) return windowsQuote(text);
  if (text === "") return "''";
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

/** The text that `shellQuote` made `word` of; `word` itself when it was none of its quotes. */
export function shellUnquote(word: string): string {
  if (!/^'[^]*'$/.test(word) || word.length < 2) return word;
  const text = word.slice(1, -1).replaceAll(`'"'"'`, "'");
  return shellQuote(text) === word ? text : word;
}

const META = /["^&|<>()%!]/g;

/** A word must get through cmd.exe first and through the program's own splitting behind it. */
function windowsQuote(text: string): string {
  if (text === "") return '""';
  if (!/[\s"^&|<>()%!]/.test(text)) return text;
  const hasMeta = text.search(META) >= 0;
  if (!hasMeta) return argumentQuote(text);
  // `"`, `%` and `!` keep their meaning between quotes, so that carets must take it.
  if (!/["%!]/.test(text)) return `"${text}${/\\+$/.exec(text)?.[0] ?? ""}"`;
  return (/[\s"]/.test(text) ? argumentQuote(text) : text).replace(META, "^$&");
}

/** Between quotes, with the backslashes in front of a quote doubled. */
function argumentQuote(text: string): string {
  if (!/[\s"^&|<>()%!]/.test(text)) return text;
  const body = text.replace(
    /(\\*)("+)/g,
    (_, slashes: string, quotes: string) => slashes + slashes + '\\"'.repeat(quotes.length),
  );
  return `"${body}${/\\+$/.exec(text)?.[0] ?? ""}"`;
}
