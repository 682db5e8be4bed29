// Addresses of artifacts as documents of VS Code. No vscode: tested as tables.

export const ARTIFACT_SCHEME = "mlflow-artifact";

/** An artifact of a run or a logged model, or with an empty path the root of its artifacts. */
export interface ArtifactPlace {
  /** The store's URI. */
  uri: string;
  /** Of the run, or of the logged model. */
  id: string;
  path: string;
}

/** The parts of `mlflow-artifact://<store as hex>/<id>/<path>`. Hex, since VS Code may change an authority's case. */
export function artifactUriParts({ uri, id, path }: ArtifactPlace): { authority: string; path: string } {
  const place = [id, ...path.split("/").filter((part) => part !== "")].join("/");
  return { authority: toHex(uri), path: `/${place}` };
}

/** Undefined for a URI that names neither. */
export function artifactPlaceOf(parts: { authority: string; path: string }): ArtifactPlace | undefined {
  const uri = fromHex(parts.authority);
  const [id, ...path] = parts.path.split("/").filter((part) => part !== "");
  return uri === undefined || id === undefined ? undefined : { uri, id, path: path.join("/") };
}

export function toHex(text: string): string {
  return Buffer.from(text, "utf8").toString("hex");
}

export function fromHex(hex: string): string | undefined {
  return /^(?:[0-9a-f]{2})+$/i.test(hex) ? Buffer.from(hex, "hex").toString("utf8") : undefined;
}
