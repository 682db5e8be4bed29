const BY_EXTENSION: Readonly<Record<string, string>> = {
  css: "text/css",
  csv: "text/csv",
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

/** Files shown as plain text, as MLflow's server does (mlflow 3.17 `_TEXT_EXTENSIONS`). */
const TEXT = new Set([
  "cfg",
  "err",
  "mlmodel",
  "mlproject",
  "properties",
  "rst",
  "toml",
  "conf",
  "html",
  "ini",
  "js",
  "json",
  "log",
  "md",
  "py",
  "ts",
  "txt",
  "xml",
  "yaml",
  "yml",
]);

/** The media type of a file by its name. A name without a dot is its own extension: `MLmodel`, `MLproject`. */
export function contentType(name: string): string {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  if (TEXT.has(extension)) return "text/plain";
  return (Object.hasOwn(BY_EXTENSION, extension) ? BY_EXTENSION[extension] : undefined) ?? "application/octet-stream";
}
