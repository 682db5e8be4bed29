import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { picture } from "./wine.ts";

// One artifact for each viewer, small enough to be written here.

/** Columns `id` and `grape`, four rows. */
const PARQUET =
  "UEFSMRUAFSwVLCwVCBUAFQYVBhwAAAACAAAACAEAAAAAAQAAAAIAAAADAAAAFQAVVBVULBUIFQAVBhUGHAAAAAIAAAAIAQYAAABtZXJsb3QMAAAAPGIg" +
  "b25sb2FkPXg+AQAAAGEBAAAAYhUEGTw1ABgGc2NoZW1hFQQAFQIlAhgCaWQAFQwlAhgFZ3JhcGUlAEwcAAAAFggZHBksJgAcFQIZJQYAGRgCaWQVABYI" +
  "FlIWUiYISRwVABUAFQIAPCkGGSYACAAAACYAHBUMGSUGABkYBWdyYXBlFQAWCBZ6FnomWkkcFQAVABUCADwWKBkGGSYACAAAABbMARYIJggWzAEAKCBw" +
  "YXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI1LjAuMRksHAAAHAAAAMMAAABQQVIx";

export const PLAIN_ARTIFACTS: Record<string, string | Uint8Array> = {
  "config.json": '{"eta": 0.06, "layers": [1, 2, {"deep": true}], "none": null, "name": "a < b"}',
  "model/MLmodel": [
    "artifact_path: model",
    "flavors:",
    "  python_function:",
    "    loader_module: mlflow.sklearn",
    "mlflow_version: 3.17.2",
    "signature:",
    `  inputs: '[{"type": "double", "name": "alcohol", "required": true}]'`,
    `  outputs: '[{"type": "long", "required": true}]'`,
    "",
  ].join("\n"),
  "model/requirements.txt": "mlflow==3.17.2\n",
  "model.pkl": new Uint8Array(64),
  "note.md":
    "# Title\n\n- a\n- b\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n`code` and [link](https://example.com)\n\n```python\nx = 1\n```\n",
  "picture.png": picture(120, 80),
  "places.geojson": '{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [8.4, 49.0]}}',
  "predictions.csv": "id,grape\n1,merlot\n2,riesling\n",
  "predictions.parquet": Buffer.from(PARQUET, "base64"),
  "report.html": "<h1>Report</h1><p>All is well.</p>",
  "report.pdf": pdf(),
  "tone.wav": wave(800),
  "train.log": "step 1\nstep 2\n",
  "train.py": 'import mlflow\n\n\ndef train(eta: float = 0.06):\n    """Trains."""\n    return eta * 2  # twice\n',
};

/** Writes files below the folder that an `artifact_uri` names. */
export function writeArtifacts(artifact_uri: string, files: Record<string, string | Uint8Array>): string {
  const folder = artifact_uri.startsWith("file:") ? fileURLToPath(artifact_uri) : artifact_uri;
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** A page with a line of text; `more` is added to its catalog. */
export function pdf(more = ""): string {
  const text = "BT /F1 24 Tf 20 60 Td (Report) Tj ET";
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${more} >>`,
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 120] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let file = "%PDF-1.7\n";
  const at = objects.map((body, n) => {
    const offset = file.length;
    file += `${n + 1} 0 obj\n${body}\nendobj\n`;
    return `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${at.join("")}`;
  return `${file}${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
}

/** Silence of so many samples, 8 kHz. */
function wave(samples: number): Uint8Array {
  const file = Buffer.alloc(44 + samples, 0x80);
  file.write("RIFF", 0);
  file.writeUInt32LE(36 + samples, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.set([1, 0, 1, 0], 20);
  file.writeUInt32LE(8000, 24);
  file.writeUInt32LE(8000, 28);
  file.set([1, 0, 8, 0], 32);
  file.write("data", 36);
  file.writeUInt32LE(samples, 40);
  return file;
}
