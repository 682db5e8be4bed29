import { type ComponentType, h } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Button, LinkButton } from "../controls.tsx";
import { isGone, messageOf } from "../errors.ts";
import { formatBytes } from "../format.ts";
import { type ViewerKind, viewerOf } from "./kinds.ts";
import { type ArtifactAccess, ArtifactReader, LARGE } from "./reader.ts";

/** What every viewer is given. */
export interface ViewerProps {
  reader: ArtifactReader;
  /** Another number: the file may have changed. */
  version: number;
  /** Where the person was in it: what the viewer itself kept with `keep`. */
  place: number;
  keep: (place: number) => void;
  /** The viewer cannot show the file: one sentence. */
  fail: (error: unknown) => void;
}

type Viewer = ComponentType<ViewerProps>;

/** Loaded when the first file of their kind is opened. */
const LOADERS: Record<ViewerKind, () => Promise<Viewer>> = {
  image: async () => (await import("./image.tsx")).ImageViewer,
  text: async () => (await import("./text.tsx")).TextViewer,
  json: async () => (await import("./json.tsx")).JsonViewer,
  csv: async () => (await import("./csvTable.tsx")).CsvViewer,
  parquet: async () => (await import("./parquet.tsx")).ParquetViewer,
  html: async () => (await import("./html.tsx")).HtmlViewer,
  markdown: async () => (await import("./markdownFile.tsx")).MarkdownViewer,
  pdf: async () => (await import("./pdf.tsx")).PdfViewer,
  audio: async () => (await import("./media.tsx")).AudioViewer,
  video: async () => (await import("./media.tsx")).VideoViewer,
  geojson: async () => (await import("./geojson.tsx")).GeojsonViewer,
  mlmodel: async () => (await import("./mlmodel.tsx")).MlmodelViewer,
};

/** Kinds that page through a file of any size; the others read it whole. */
const PAGED: ReadonlySet<ViewerKind> = new Set(["text", "csv", "parquet", "mlmodel"]);

interface Props {
  access: ArtifactAccess;
  path: string;
  /** Bytes, where they are known. */
  size: number | undefined;
  version: number;
  place: number;
  keep: (place: number) => void;
}

/** Shows an artifact as what it is, or says in one sentence why not and what helps. */
export function ArtifactViewer({ access, path, size, version, place, keep }: Props) {
  const kind = viewerOf(path);
  const reader = useMemo(() => new ArtifactReader(access, path), [access, path]);
  const [Loaded, setLoaded] = useState<{ path: string; viewer: Viewer } | undefined>(undefined);
  const [failure, setFailure] = useState<{ path: string; error: unknown } | undefined>(undefined);
  const [agreed, setAgreed] = useState("");
  useEffect(() => {
    setFailure(undefined);
    if (kind === undefined) return undefined;
    let current = true;
    LOADERS[kind]().then(
      (viewer) => current && setLoaded({ path, viewer }),
      (error: unknown) => current && setFailure({ path, error }),
    );
    return () => {
      current = false;
    };
  }, [path, version]);
  const open = <LinkButton onClick={() => access.open(path)}>Open in Editor</LinkButton>;
  if (kind === undefined) {
    return <Told text={`${reader.name} is a file that only an editor for its kind can show.`} action={open} />;
  }
  if (failure !== undefined && failure.path === path) {
    const again = () => {
      setFailure(undefined);
    };
    const gone = isGone(failure.error);
    const retry = <LinkButton onClick={again}>Look Again</LinkButton>;
    return <Told text={messageOf(failure.error)} action={gone ? retry : open} />;
  }
  if (!PAGED.has(kind) && size !== undefined && size > LARGE && agreed !== path) {
    return (
      <Told
        text={`${reader.name} has ${formatBytes(size)}, all of which is read to show it.`}
        action={
          <div class="row">
            <Button onClick={() => setAgreed(path)}>Show It</Button>
            {open}
          </div>
        }
      />
    );
  }
  if (Loaded === undefined || Loaded.path !== path) return null;
  const fail = (error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") return;
    setFailure({ path, error });
  };
  return h(Loaded.viewer, { key: path, reader, version, place, keep, fail });
}

/** One sentence and what helps, where a picture would be. */
export function Told({ text, action }: { text: string; action?: preact.ComponentChildren }) {
  return (
    <div class="viewerTold" role="status">
      <p>{text}</p>
      {action}
    </div>
  );
}
