// Addresses of artifacts as documents of VS Code. No vscode: tested as tables.

export const ARTIFACT_SCHEME = "mlflow-artifact";

/** An artifact, or with an empty path the root of a run's artifacts. */
export interface ArtifactPlace {
  /** The store's URI. */
  uri: string;
  run_id: string;
  path: string;
}

/** The parts of `mlflow-artifact://<store as hex>/<run_id>/<path>`. Hex, since VS Code may change an authority's case. */
export function artifactUriParts({ uri, run_id, path }: ArtifactPlace): { authority: string; path: string } {
  const place = [run_id, ...path.split("/").filter((part) => part !== "")].join("/");
  return { authority: toHex(uri), path: `/${place}` };
}

/** Undefined for a URI that names no run. */
export function artifactPlaceOf(parts: { authority: string; path: string }): ArtifactPlace | undefined {
  const uri = fromHex(parts.authority);
  const [run_id, ...path] = parts.path.split("/").filter((part) => part !== "");
  return uri === undefined || run_id === undefined ? undefined : { uri, run_id, path: path.join("/") };
}

export function toHex(text: string): string {
  return Buffer.from(text, "utf8").toString("hex");
}

export function fromHex(hex: string): string | undefined {
  return /^(?:[0-9a-f]{2})+$/i.test(hex) ? Buffer.from(hex, "hex").toString("utf8") : undefined;
}
