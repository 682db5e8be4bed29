// Which viewer a file gets, by its name.

export const VIEWERS = [
  "image",
  "text",
  "json",
  "csv",
  "parquet",
  "html",
  "markdown",
  "pdf",
  "audio",
  "video",
  "geojson",
  "mlmodel",
] as const;
export type ViewerKind = (typeof VIEWERS)[number];

const BY_EXTENSION: Record<string, ViewerKind> = {
  ...kindOfAll("image", "png jpg jpeg gif webp bmp ico avif svg"),
  ...kindOfAll("json", "json"),
  ...kindOfAll("csv", "csv tsv"),
  ...kindOfAll("parquet", "parquet pq"),
  ...kindOfAll("html", "html htm"),
  ...kindOfAll("markdown", "md markdown"),
  ...kindOfAll("pdf", "pdf"),
  ...kindOfAll("audio", "wav mp3 ogg oga flac m4a aac opus"),
  ...kindOfAll("video", "mp4 webm mov m4v ogv"),
  ...kindOfAll("geojson", "geojson"),
};

/** What no viewer of ours reads: an editor that is installed may. */
const ELSEWHERE = new Set(
  "pkl pickle joblib bin ubj pt pth ckpt onnx h5 hdf5 keras npy npz zip gz tar tgz bz2 xz 7z so dll exe whl jar db sqlite ipynb safetensors gguf tflite pb xlsx xls docx pptx feather arrow avro orc".split(
    " ",
  ),
);

/** Undefined: only an editor of VS Code may have a picture of it. What is not known is tried as text. */
export function viewerOf(path: string): ViewerKind | undefined {
  const name = path.split("/").at(-1) ?? path;
  if (name === "MLmodel") return "mlmodel";
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  if (ELSEWHERE.has(extension)) return undefined;
  return BY_EXTENSION[extension] ?? "text";
}

const TYPES: Record<string, string> = {
  svg: "image/svg+xml",
  jpg: "image/jpeg",
  ico: "image/x-icon",
  mp3: "audio/mpeg",
  oga: "audio/ogg",
  m4a: "audio/mp4",
  mov: "video/mp4",
  m4v: "video/mp4",
  ogv: "video/ogg",
};

/** The media type of an image, a sound or a film. */
export function mediaType(path: string, kind: "image" | "audio" | "video"): string {
  const extension = /\.([^.]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return TYPES[extension] ?? `${kind}/${extension}`;
}

function kindOfAll(kind: ViewerKind, extensions: string): Record<string, ViewerKind> {
  return Object.fromEntries(extensions.split(" ").map((extension) => [extension, kind]));
}
