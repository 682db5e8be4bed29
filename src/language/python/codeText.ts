const TOKEN =
  /#[^\n]*|([A-Za-z]{0,2})("""(?:\\[^]|[^\\])*?"""|'''(?:\\[^]|[^\\])*?'''|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*')/g;

/** A Python text with its comments and texts blanked, but for what stands between the braces of f-strings: offsets stay. */
export function codeText(text: string): string {
  return text.replace(TOKEN, (token: string, prefix: string | undefined, quoted: string | undefined) => {
    if (quoted === undefined) return blank(token);
    if (!/f/i.test(prefix ?? "")) return blank(token);
    const inner = quoted.replace(/\{\{|\}\}/g, "  ");
    return blank(prefix ?? "") + inner.replace(/(^|\})[^{}]*/g, blank);
  });
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}
