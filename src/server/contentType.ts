const BY_EXTENSION: Readonly<Record<string, string>> = {
  css: "text/css",
  gif: "image/gif",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  wav: "audio/wav",
  webp: "image/webp",
  zip: "application/zip",
};

/** Files shown as plain text, as MLflow 3.17's server does; and `html`, so that no page of an artifact runs under our address. */
const TEXT = new Set(
  (
    "cf cfg cnf conf csv err hocon html ini ipynb js json log md mlmodel mlproject prop properties py py3 rst toml ts tsv " +
    "txt xml yaml yml"
  ).split(" "),
);

/** The media type of a file by its name. A name without a dot is its own extension: `MLmodel`, `MLproject`. */
export function contentType(name: string): string {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  if (TEXT.has(extension)) return "text/plain";
  return (Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined) ?? "application/octet-stream";
}
