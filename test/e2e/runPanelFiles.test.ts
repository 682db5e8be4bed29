import { deepEqual, equal } from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { RunView } from "../../src/protocol/panels/run.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { browserSkip } from "./support/machine.ts";
import { openPanelPage, type PanelPage } from "./support/panelPage.ts";
import { PLAIN_ARTIFACTS, writeArtifacts } from "./support/plainArtifacts.ts";
import { runHost } from "./support/runHost.ts";

// Artifacts in the Run panel that play, change or leave it.

const skip = browserSkip;
const everything = { everything: true, experiment_ids: [], run_ids: [], models: false };
let store: Store;
let panel: PanelPage<RunView>;
let page: Page;
let artifacts: string;

before(async () => {
  if (skip !== false) return;
  store = openStore(storeUri(join(temporaryFolder("flowdeck-run-files-"), "mlflow.db")));
  const { experiment_id } = await store.createExperiment({ name: "wine" });
  const { info } = await store.createRun({ experiment_id, run_name: "hare" });
  artifacts = writeArtifacts(info.artifact_uri, PLAIN_ARTIFACTS);
  const subject = { uri: "sqlite:///mlflow.db", run_id: info.run_id };
  panel = await openPanelPage<RunView>({ panel: "run", subject, host: runHost(store, info.run_id).host });
  page = panel.page;
  await page.getByRole("tab", { name: "Artifacts" }).click();
});
after(() => store?.close());

const row = (path: string) => page.getByRole("tree", { name: "Artifacts" }).locator(`[title="${path}"]`);

/** Writes a file among the artifacts and shows it. */
async function shown(path: string, content: string | Uint8Array): Promise<Locator> {
  writeFileSync(join(artifacts, path), content);
  await panel.view.storeChanged(everything);
  await row(path).click();
  return page.locator(".shown").first();
}

test("a film plays, and so does a sound; a film that no decoder reads is a sentence", { skip }, async () => {
  // A real one, of the browser's own making.
  const film = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
    const context = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm;codecs=vp8" });
    const parts: Blob[] = [];
    recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
    const stopped = new Promise((done) => recorder.addEventListener("stop", done));
    recorder.start();
    const begun = performance.now();
    // A busy machine draws few pictures in that time, and a film without any is none.
    for (let n = 0; n < 12 || performance.now() - begun < 600; n += 1) {
      if (context !== null) context.fillStyle = n % 2 === 0 ? "red" : "blue";
      context?.fillRect(0, 0, 64, 48);
      await new Promise(requestAnimationFrame);
    }
    recorder.stop();
    await stopped;
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  });
  const plays = async (media: Locator) => {
    await media.evaluate((element: HTMLMediaElement) => {
      element.muted = true;
      return element.play();
    });
    await until("it goes on", () => media.evaluate((element: HTMLMediaElement) => element.currentTime > 0.02));
  };
  const video = (await shown("film.webm", Buffer.from(film, "base64"))).locator("video");
  await until("its first picture", () =>
    video.evaluate((element: HTMLVideoElement) => element.videoWidth === 64 && element.readyState >= 2),
  );
  await plays(video);
  await row("tone.wav").click();
  await plays(page.locator("audio"));
  const viewer = await shown("cut.mp4", "no film");
  await viewer.getByText("cut.mp4 cannot be played here: the editor has no decoder for it.").waitFor();
  await viewer.getByRole("button", { name: "Open in Editor", exact: true }).waitFor();
});

test("a file is dragged out as the address under which VS Code opens it", { skip }, async () => {
  await row("train.log").hover();
  const dragged = await until("its address is known", async () => {
    const data = await row("train.log").evaluate((element) => {
      const transfer = new DataTransfer();
      element.dispatchEvent(new DragEvent("dragstart", { dataTransfer: transfer, bubbles: true }));
      return ["text/plain", "text/uri-list", "ResourceURLs"].map((kind) => transfer.getData(kind));
    });
    return data[1] === "" ? undefined : data;
  });
  deepEqual(dragged, ["train.log", "mlflow-artifact:/train.log", '["mlflow-artifact:/train.log"]']);
});

test("a CSV or a text that is written anew, as long as before, is shown as it is then", { skip }, async () => {
  const table = await shown("anew.csv", `id,grape\n${"1,merlot\n".repeat(300)}`);
  await table.getByRole("cell", { name: "merlot" }).first().waitFor();
  await shown("anew.csv", `no;wines\n${"2;barolo\n".repeat(300)}`);
  await table.getByRole("columnheader", { name: "wines" }).waitFor();
  await table.getByRole("cell", { name: "barolo" }).first().waitFor();
  equal(await table.getByRole("cell", { name: "merlot" }).count(), 0);
  const text = await shown("anew.txt", "one\n".repeat(300));
  await text.locator(".codeRow", { hasText: "one" }).first().waitFor();
  await shown("anew.txt", "two\n".repeat(300));
  await text.locator(".codeRow", { hasText: "two" }).first().waitFor();
  deepEqual(panel.errors, []);
});

test("a file that vanishes while it is paged through says so, and is shown again when it is back", {
  skip,
}, async () => {
  const viewer = await shown("anew.txt", "three\n".repeat(300));
  await viewer.locator(".codeRow", { hasText: "three" }).first().waitFor();
  renameSync(join(artifacts, "anew.txt"), join(artifacts, "away.txt"));
  await panel.view.storeChanged(everything);
  await viewer.getByText("The artifact anew.txt is not there any more.").waitFor();
  renameSync(join(artifacts, "away.txt"), join(artifacts, "anew.txt"));
  await viewer.getByRole("button", { name: "Look Again" }).click();
  await viewer.locator(".codeRow", { hasText: "three" }).first().waitFor();
});
