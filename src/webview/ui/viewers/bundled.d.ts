/** A file as text (scripts/build.mjs). */
declare module "bundled:*" {
  export const text: string;
}
declare module "pdfjs-dist/legacy/build/pdf.min.mjs" {
  export * from "pdfjs-dist";
}
