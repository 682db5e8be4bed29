import { getDocument, type PDFDocumentProxy, PDFWorker } from "pdfjs-dist/legacy/build/pdf.min.mjs";
import { text as workerText } from "bundled:pdfjs-dist/legacy/build/pdf.worker.min.mjs";

/** An open PDF. */
export interface PdfFile {
  document: PDFDocumentProxy;
  /** Of the first page, at 72 points an inch. */
  shape: { width: number; height: number };
  close(): void;
}

/** Reads a PDF in a worker of its own, which has no network: it is made of the panel's own bytes. */
export async function openPdf(data: Uint8Array, name: string): Promise<PdfFile> {
  const url = URL.createObjectURL(new Blob([workerText], { type: "text/javascript" }));
  const port = new Worker(url, { type: "module" });
  const worker = PDFWorker.create({ port });
  const close = () => {
    worker.destroy();
    port.terminate();
    URL.revokeObjectURL(url);
  };
  try {
    const task = getDocument({
      data,
      worker,
      // No scripts, no forms, no files from elsewhere.
      ...{ enableXfa: false, stopAtErrors: false, useWasm: false, useWorkerFetch: false, useSystemFonts: true },
      ...{ isImageDecoderSupported: false, verbosity: 0 },
    });
    const document = await task.promise;
    const { width, height } = (await document.getPage(1)).getViewport({ scale: 1 });
    return { document, shape: { width, height }, close };
  } catch (cause) {
    close();
    const isLocked = cause instanceof Error && cause.name === "PasswordException";
    const why = isLocked ? "asks for a password" : "is no whole PDF; it may be cut off";
    throw new Error(`${name} ${why}.`, { cause });
  }
}
