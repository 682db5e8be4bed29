import type { PDFDocumentProxy } from "pdfjs-dist";
import { useEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "../controls.tsx";
import { formatCount } from "../format.ts";
import { openPdf } from "./pdfFile.ts";
import type { ViewerProps } from "./viewer.tsx";
import { useWhole } from "./whole.ts";
import { Progress } from "./media.tsx";

interface Shape {
  width: number;
  height: number;
}

const GAP = 8;

/** A PDF: pages that come on screen are drawn. */
export function PdfViewer({ reader, version, place, keep, fail }: ViewerProps) {
  const file = useWhole(
    async (signal) => {
      const bytes = new Uint8Array(await (await reader.blob("application/pdf", signal)).arrayBuffer());
      return openPdf(bytes, reader.name);
    },
    version,
    fail,
    ({ close }) => close(),
  );
  if (file === undefined) return <Progress share={reader.progress.value} />;
  return <Pages pdf={file.document} shape={file.shape} name={reader.name} {...{ place, keep, fail }} />;
}

interface PagesProps extends Pick<ViewerProps, "place" | "keep" | "fail"> {
  pdf: PDFDocumentProxy;
  /** Of the first page, as the others are as a rule. */
  shape: Shape;
  name: string;
}

function Pages({ pdf, shape, name, place, keep, fail }: PagesProps) {
  const box = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState(1);
  const [page, setPage] = useState(place);
  const [room, setRoom] = useState(0);
  useEffect(() => {
    const { current } = box;
    if (current === null) return undefined;
    const observer = new ResizeObserver(() => setRoom(current.clientWidth));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  const scale = room === 0 ? 0 : (Math.max(120, room - 2 * GAP) / shape.width) * zoom;
  const step = shape.height * scale + GAP;
  useEffect(() => {
    if (scale > 0 && box.current !== null) box.current.scrollTop = page * step;
  }, [scale]);
  const go = (to: number) => {
    const next = Math.min(pdf.numPages - 1, Math.max(0, to));
    if (box.current !== null) box.current.scrollTop = next * step;
  };
  const onScroll = (event: Event & { currentTarget: HTMLElement }) => {
    const next = Math.round(event.currentTarget.scrollTop / step);
    if (next !== page) {
      setPage(next);
      keep(next);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "PageDown") go(page + 1);
    else if (event.key === "PageUp") go(page - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(pdf.numPages - 1);
    else if (event.key === "+" || event.key === "=") setZoom(Math.min(4, zoom * 1.25));
    else if (event.key === "-") setZoom(Math.max(0.25, zoom * 0.8));
    else if (event.key === "0") setZoom(1);
    else return;
    event.preventDefault();
  };
  const label = `${name}, ${formatCount(pdf.numPages)} pages; Page Up and Page Down turn them, + and − zoom`;
  return (
    <div class="textViewer">
      <div class="pdfPages" ref={box} tabIndex={0} role="region" aria-label={label} {...{ onScroll, onKeyDown }}>
        {scale === 0
          ? null
          : Array.from({ length: pdf.numPages }, (_, i) => (
              <PdfPage key={i} {...{ pdf, scale, shape, fail }} number={i + 1} near={Math.abs(i - page) < 3} />
            ))}
      </div>
      <div class="viewerBar">
        <span class="dim num cut">
          page {formatCount(page + 1)} of {formatCount(pdf.numPages)}
        </span>
        <span class="grow" />
        <IconButton icon="chevron-up" label="Previous page" onClick={() => go(page - 1)} />
        <IconButton icon="chevron-down" label="Next page" onClick={() => go(page + 1)} />
        <IconButton icon="zoom-out" label="Zoom out (−)" onClick={() => setZoom(Math.max(0.25, zoom * 0.8))} />
        <IconButton icon="zoom-in" label="Zoom in (+)" onClick={() => setZoom(Math.min(4, zoom * 1.25))} />
        <IconButton icon="screen-full" label="Fit width (0)" onClick={() => setZoom(1)} />
      </div>
    </div>
  );
}

interface PageProps extends Pick<ViewerProps, "fail"> {
  pdf: PDFDocumentProxy;
  number: number;
  scale: number;
  shape: Shape;
  /** On screen or next to it. */
  near: boolean;
}

function PdfPage({ pdf, number, scale, shape, near, fail }: PageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [text, setText] = useState("");
  useEffect(() => {
    if (!near) return undefined;
    let stop: (() => void) | undefined;
    let gone = false;
    const draw = async () => {
      const page = await pdf.getPage(number);
      const target = canvas.current;
      if (gone || target === null) return;
      const viewport = page.getViewport({ scale: scale * globalThis.devicePixelRatio });
      target.width = Math.round(viewport.width);
      target.height = Math.round(viewport.height);
      const task = page.render({ canvas: target, viewport });
      stop = () => task.cancel();
      await task.promise;
      const content = await page.getTextContent();
      if (!gone) setText(content.items.map((item) => ("str" in item ? item.str : "")).join(" "));
    };
    draw().catch((error: unknown) => {
      if (!gone) fail(new Error(`Page ${number} of the PDF cannot be drawn: it may be damaged.`, { cause: error }));
    });
    return () => {
      gone = true;
      stop?.();
    };
  }, [near, scale, pdf]);
  const size = { width: `${shape.width * scale}px`, height: `${shape.height * scale}px` };
  return (
    <div class="pdfPage" style={size}>
      <canvas ref={canvas} aria-hidden="true" />
      <p class="hidden">{text}</p>
    </div>
  );
}
