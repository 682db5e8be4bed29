import type { Page } from "../../mlflow/entities.ts";
import type { PrintedPart } from "../printedReads.ts";
import { toPart } from "./printedPart.ts";

/** A model version whose text stands ready but for its source, which may be another one here. */
export interface VersionText {
  source: string | null;
  /** What precedes and what follows the source. */
  head: string;
  tail: string;
}

export interface ModelText {
  head: string;
  latest_versions: VersionText[];
  tail: string;
}

/** Characters of a version's text. */
export function sizeOfVersion({ source, head, tail }: VersionText): number {
  return (source ?? "").length + head.length + tail.length;
}

/** Characters of a model's text, its latest versions among them. */
export function sizeOfModel({ head, latest_versions, tail }: ModelText): number {
  return latest_versions.reduce((sum, version) => sum + sizeOfVersion(version), head.length + tail.length);
}

/** Versions of an answer, or of a part of it. */
export interface VersionTexts extends Page<VersionText> {
  /** Versions precede these ones in the answer. */
  isLater: boolean;
  /** Asks for those that follow. */
  more?: string;
}

/** SearchRegisteredModelsResponse. */
export function printModels({ items, next_page_token }: Page<ModelText>): PrintedPart {
  const models = items.map(({ head, latest_versions, tail }) => {
    const latest =
      latest_versions.length === 0 ? "" : `,"latest_versions":[${latest_versions.map(printVersion).join()}]`;
    return head + latest + tail;
  });
  const fields = models.length === 0 ? [] : [`"registered_models":[${models.join()}]`];
  if (next_page_token !== undefined) fields.push(`"next_page_token":"${next_page_token}"`);
  return toPart(`{${fields.join()}}`);
}

/** SearchModelVersionsResponse, or a part of it. */
export function printVersions({ items, next_page_token, isLater, more }: VersionTexts): PrintedPart {
  const token = next_page_token === undefined ? "" : `"next_page_token":"${next_page_token}"`;
  if (items.length === 0) return toPart(`{${token}}`);
  const text = `${isLater ? "," : '{"model_versions":['}${items.map(printVersion).join()}`;
  if (more !== undefined) return { ...toPart(text), more };
  return toPart(`${text}]${token === "" ? "" : `,${token}`}}`);
}

function printVersion({ source, head, tail }: VersionText): string {
  return source === null ? head + tail : `${head},"source":${JSON.stringify(source)}${tail}`;
}
