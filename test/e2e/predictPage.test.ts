import { deepEqual, equal, match } from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { PredictView } from "../../src/protocol/panels/predict.ts";
import type { ScoringServer } from "../../src/protocol/serving.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import type { StandInScorer } from "../support/standInScorer.ts";
import { Accessibility } from "./support/axe.ts";
import { becomes } from "./support/becomes.ts";
import { browserSkip, resultsFolder } from "./support/machine.ts";
import { openPanelPage, type PanelPage } from "./support/panelPage.ts";
import { NAMES, panelHost, seedModels, serverOf, wineScorer } from "./support/predictHost.ts";
import { ALL_THEMES, themesFor } from "./support/themes.ts";

// The Predict panel's page over a store and servers that stand in for scoring servers, in a real browser; predict.test.ts has it in the
// editor, integration/predict.test.ts asks real ones.

const skip = browserSkip;
const folder = temporaryFolder("flowdeck-predict-page-");
const results = join(resultsFolder, "predictPage");
const SIZE = { width: 500, height: 834 };
const looked = new Accessibility();
let store: Store;
let scorers: StandInScorer[];
let servers: ScoringServer[];
let panel: PanelPage<PredictView>;
let page: Page;
let asked: unknown[][];

before(async () => {
  if (skip !== false) return;
  mkdirSync(results, { recursive: true });
  store = openStore(storeUri(join(folder, "mlflow.db")));
  await seedModels(store);
  scorers = [await wineScorer(0), await wineScorer(0.1)];
  servers = scorers.map(({ url, port }, i) => serverOf("wine-quality", "AB"[i] ?? "", { url, port }));
  const made = panelHost(store, servers);
  asked = made.asked;
  panel = await open(made.host);
  page = panel.page;
});
after(() => store?.close());

function open(host: object, size = SIZE, state?: unknown): Promise<PanelPage<PredictView>> {
  return openPanelPage<PredictView>({
    panel: "predict",
    subject: {},
    host,
    size,
    ...(state === undefined ? {} : { state }),
  });
}

const field = (name: string, on = page) => on.getByRole("textbox", { name, exact: true });
/** Its icon is a part of its name. */
const send = (on = page, name: RegExp | string = /Send/) => on.locator(".sendRow").getByRole("button", { name });
const answer = (on = page) => on.getByRole("table").filter({ hasText: "Latency" });

async function screenshots(name: string, on = panel): Promise<void> {
  for (const theme of themesFor(name, ALL_THEMES)) {
    await on.setTheme(theme);
    await on.page.screenshot({ path: join(results, `${name}-${theme}.png`) });
  }
  await on.setTheme("dark");
}

/** What a screen reader says of a field after its name. */
async function described(of: Locator): Promise<string | undefined> {
  return of.evaluate((element) => {
    const id = element.getAttribute("aria-describedby");
    return id === null ? undefined : (document.querySelector(`#${id}`)?.textContent ?? `no ${id}`);
  });
}

async function lastAsked(name: string): Promise<unknown> {
  return until(`${name} is asked for`, async () => asked.findLast(([one]) => one === name)?.[1]);
}

async function paste(text: string, on = page): Promise<void> {
  await on.evaluate((pasted) => {
    const data = new DataTransfer();
    data.setData("text/plain", pasted);
    const target = document.activeElement ?? document.body;
    target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

test("the form has a field for each column, filled with the input example", { skip }, async () => {
  await field("alcohol").waitFor();
  for (const name of NAMES) equal(await field(name).count(), 1, name);
  await becomes(() => field("fixed_acidity").inputValue(), "7.4");
  await becomes(() => field("free_so2").inputValue(), "11");
  await page.getByText("Row 1 of 4").waitFor();
  await page.getByText("from the model's signature").waitFor();
  await send(page, /Send 4 rows$/).waitFor();
  await looked.look(panel, "form");
});

test("a wrong value is told at once, and Send waits", { skip }, async () => {
  await field("free_so2").fill("eleven");
  await page.getByText("free_so2 takes a whole number, such as 11.").first().waitFor();
  await becomes(() => field("free_so2").getAttribute("aria-invalid"), "true");
  await becomes(() => described(field("free_so2")), "free_so2 takes a whole number, such as 11.");
  await becomes(() => described(field("pH")), undefined);
  await field("pH").focus();
  await page.getByText("Send waits for free_so2.").getByRole("button").click();
  await becomes(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "free_so2");
  await becomes(() => send().getAttribute("aria-disabled"), "true");
  await page.keyboard.press("Control+Enter");
  equal(scorers[0]?.asked.length, 0);
  await screenshots("wrong");
  await looked.look(panel, "wrong value");
  await field("free_so2").fill("11");
  await send(page, /Send 4 rows$/).waitFor();
});

test("Alt and arrows go from row to row", { skip }, async () => {
  await field("alcohol").focus();
  await page.keyboard.press("Alt+ArrowRight");
  await page.getByText("Row 2 of 4").waitFor();
  await becomes(() => field("volatile_acidity").inputValue(), "0.88");
  await page.keyboard.press("Alt+ArrowLeft");
  await page.getByText("Row 1 of 4").waitFor();
});

test("Ctrl Enter sends the rows as the signature types them, and the answer is a table with its latency", {
  skip,
}, async () => {
  await field("alcohol").focus();
  await page.keyboard.press("Control+Enter");
  await answer().waitFor();
  const sent = scorers[0]?.asked.at(-1);
  match(
    sent?.body ?? "",
    /^\{"dataframe_split":\{"columns":\["fixed_acidity",.*"data":\[\[7\.4,0\.7,0\.0,1\.9,0\.076,11,34,/,
  );
  equal(sent?.contentType, "application/json");
  const cells = await answer().locator("tbody tr").nth(0).locator("th, td").allInnerTexts();
  deepEqual(cells, ["1", "5.117"]);
  match(await answer().locator("tfoot").innerText(), /Latency\s+\d+(?:\.\d)? ms/);
});

test("with A/B both servers get the same rows, and answers stand side by side with what differs", {
  skip,
}, async () => {
  await page.getByRole("button", { name: "A/B: ask two servers the same" }).click();
  await page.getByRole("button", { name: "Send 4 rows to both" }).click();
  await answer().getByText("B: quality").waitFor();
  equal(scorers[0]?.asked.at(-1)?.body, scorers[1]?.asked.at(-1)?.body);
  const rows = answer().locator("tbody tr");
  await becomes(() => rows.nth(0).locator("th, td").allInnerTexts(), ["1", "5.117", "4.967", "−0.150"]);
  await becomes(() => rows.nth(3).locator("th, td").allInnerTexts(), ["4", "6.107", "6.257", "+0.150"]);
  await field("free_so2").fill("eleven");
  await page.getByText("Row 1 of 4").waitFor();
  await screenshots("ab");
  await field("free_so2").fill("11");
  await looked.look(panel, "A/B");
});

test("the answer is shown raw, and copied", { skip }, async () => {
  await page.getByRole("button", { name: "Raw", exact: true }).click();
  await page.getByLabel("Raw answer of wine-quality@champion").getByText('{"predictions":[{"quality":').waitFor();
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await page.getByRole("button", { name: "Copy the answer" }).click();
  match(JSON.stringify(await lastAsked("copy")), /A: quality,B: quality,B − A/);
});

test("the request is copied as a curl line by Ctrl Shift C, and as Python and TypeScript", { skip }, async () => {
  await field("alcohol").focus();
  await page.keyboard.press("Control+Shift+C");
  match(
    JSON.stringify(await lastAsked("copy")),
    new RegExp(String.raw`curl http://127\.0\.0\.1:${scorers[0]?.port}/invocations`),
  );
  for (const [name, text] of [
    ["Python", /urllib\.request/],
    ["TypeScript", /await fetch/],
  ] as const) {
    await page.getByRole("button", { name: "Copy as…" }).click();
    await page.getByRole("menuitemradio", { name: `Copy as ${name}` }).click();
    await until(`${name} is copied`, async () => text.test(JSON.stringify(await lastAsked("copy"))));
  }
});

test("the tutorial's old form, pasted, is converted, said so, and answered", { skip }, async () => {
  await field("alcohol").focus();
  const old = { columns: NAMES, data: [[7.4, 0.7, 0, 1.9, 0.076, 11, 34, 0.9978, 3.51, 0.56, 9.4]] };
  await paste(JSON.stringify(old));
  await page.getByText(/This is MLflow 1's form, .* it is sent as dataframe_split/).waitFor();
  await page.getByText("Row 1 of 1").waitFor();
  await page.getByRole("button", { name: "Send 1 row to both" }).click();
  await until("it is sent", async () => scorers[1]?.asked.length === 2);
  match(scorers[0]?.asked.at(-1)?.body ?? "", /^\{"dataframe_split"/);
  await screenshots("old-form");
});

test("rows are edited in the grid, by the keyboard and by pasted cells", { skip }, async () => {
  await page.getByRole("button", { name: "Fill input example" }).click();
  await page.getByRole("tab", { name: "Grid, 4 rows" }).click();
  const cell = page.getByRole("textbox", { name: "pH, row 3" });
  await cell.focus();
  await page.keyboard.press("ArrowDown");
  await becomes(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "pH, row 4");
  await paste("3.5\t0.6\n3.6\t0.7\n");
  await page.getByRole("tab", { name: "Grid, 5 rows" }).waitFor();
  await becomes(() => page.getByRole("textbox", { name: "sulphates, row 5" }).inputValue(), "0.7");
  await page.getByText("Row 5: fixed_acidity is required. (and 8 more)").waitFor();
  await becomes(() => described(page.getByRole("textbox", { name: "density, row 5" })), "density is required.");
  await screenshots("grid");
  await looked.look(panel, "grid");
  await page.getByRole("button", { name: "Remove row 5" }).click();
  await page.getByRole("button", { name: "Send 4 rows to both" }).waitFor();
});

test("from the last row of a page the keys lead to the next one, and back", { skip }, async () => {
  const row = (i: number) => NAMES.map(() => i).join(",");
  await page.getByRole("textbox", { name: "pH, row 1", exact: true }).focus();
  await paste(`${NAMES.join(",")}\n${Array.from({ length: 120 }, (_, i) => row(i + 1)).join("\n")}\n`);
  await page.getByRole("tab", { name: "Grid, 120 rows" }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  const steps: [key: string, from: number, to: number, shown: string][] = [
    ["ArrowDown", 50, 51, "51–100 of 120"],
    ["ArrowUp", 51, 50, "1–50 of 120"],
    ["Enter", 50, 51, "51–100 of 120"],
    ["Alt+ArrowRight", 100, 101, "101–120 of 120"],
    ["Alt+ArrowLeft", 101, 100, "51–100 of 120"],
  ];
  for (const [key, from, to, shown] of steps) {
    await page.getByRole("textbox", { name: `pH, row ${from}`, exact: true }).focus();
    await page.keyboard.press(key);
    await page.getByText(shown).waitFor();
    await until(`${key} leads to row ${to}`, async () => (await focused()) === `pH, row ${to}`);
  }
  // At its end it goes no further.
  await page.getByRole("button", { name: "Later rows" }).click();
  await page.getByRole("textbox", { name: "pH, row 120" }).focus();
  await page.keyboard.press("Alt+ArrowRight");
  await becomes(() => focused(), "pH, row 120");
  // Elsewhere on the page, too.
  await page.getByRole("tab", { name: "Grid, 120 rows" }).focus();
  for (let i = 0; i < 20; i += 1) await page.keyboard.press("Alt+ArrowLeft");
  await page.getByText("51–100 of 120").waitFor();
  await page.getByRole("button", { name: "Earlier rows" }).click();
  await page.getByText("1–50 of 120").waitFor();
});

test("a pasted CSV with the model's columns replaces the rows", { skip }, async () => {
  await page.getByRole("textbox", { name: "pH, row 1", exact: true }).focus();
  await paste(`${NAMES.join(",")},label\n${"1,".repeat(NAMES.length)}x\n`);
  await page.getByRole("tab", { name: "Grid, 1 row" }).waitFor();
  await page.getByText("The model does not know label, left out here.").waitFor({ state: "detached" });
  await becomes(() => page.getByRole("textbox", { name: "pH, row 1" }).inputValue(), "1");
});

test("the JSON tab holds the whole request; what is wrong in it is told with its place", { skip }, async () => {
  await page.getByRole("tab", { name: "JSON" }).click();
  const text = page.getByRole("textbox", { name: "Request as JSON or CSV" });
  match(await text.inputValue(), /"dataframe_split"/);
  await text.fill('{"dataframe_split": {"columns": ["pH"], "data": [[3.5]]');
  await page.getByText(/This is not JSON: .* in line 1 at 5\d\./).waitFor();
  await text.fill('{"dataframe_split": {"columns": ["pH"], "data": [[3.5]]}}');
  await page.getByText("fixed_acidity is missing; the model needs it. (and 9 more)").waitFor();
  await becomes(() => described(text), "fixed_acidity is missing; the model needs it. (and 9 more)");
  await screenshots("json");
  await looked.look(panel, "JSON");
  await page.getByRole("button", { name: "Fill input example" }).click();
  await page.getByRole("tab", { name: "Form" }).click();
});

test("params stand below the columns with their defaults, are checked, and are sent when they are given", {
  skip,
}, async () => {
  const digits = field("digits");
  await becomes(() => digits.getAttribute("placeholder"), "2");
  await digits.fill("x");
  await page.getByText("digits takes a whole number, such as 11.").first().waitFor();
  await becomes(() => described(digits), "digits takes a whole number, such as 11.");
  await digits.fill("3");
  await field("weights").fill("[1, 2]");
  await send().click();
  await until("params are sent", async () =>
    scorers[0]?.asked.at(-1)?.body.endsWith('"params":{"digits":3,"weights":[1.0,2.0]}}'),
  );
});

test("the form of the request is chosen among those that carry it, and says why one cannot", { skip }, async () => {
  const forms = page.getByRole("combobox", { name: "Form of the request" });
  deepEqual(await forms.locator("option").allInnerTexts(), [
    "dataframe_split",
    "dataframe_records",
    "inputs",
    "instances",
    "CSV",
  ]);
  await forms.selectOption("csv");
  await page.getByText("CSV carries no params, and digits, weights are set.").first().waitFor();
  await field("digits").fill("");
  await field("weights").fill("");
  await send().click();
  await until("CSV is sent", async () => scorers[0]?.asked.at(-1)?.contentType === "text/csv");
  await forms.selectOption("dataframe_split");
});

test("requests that were sent are kept, and taken up again", { skip }, async () => {
  await page.getByRole("button", { name: "Requests sent before" }).click();
  const history = page.getByRole("region", { name: "Requests sent before" });
  await history.getByRole("listitem").first().waitFor();
  await screenshots("history");
  await looked.look(panel, "history");
  await history
    .getByText(/dataframe_split · 1 row/)
    .first()
    .click();
  await page.getByText("Row 1 of 1").waitFor();
  await page.keyboard.press("Escape");
  await history.waitFor({ state: "detached" });
});

test("what stands in the fields is there again after the page was hidden", { skip }, async () => {
  await page.getByRole("button", { name: "Fill input example" }).click();
  await field("pH").fill("3.25");
  await until("it is saved", async () => JSON.stringify(await panel.saved()).includes("3.25"));
  await page.reload();
  await panel.setTheme("dark");
  await field("pH").waitFor();
  await becomes(() => field("pH").inputValue(), "3.25");
  await becomes(
    () => page.getByRole("button", { name: "A/B: ask two servers the same" }).getAttribute("aria-pressed"),
    "true",
  );
});

test("in every state the panel is accessible, and nothing went wrong uncaught", { skip }, () => {
  looked.verify();
  deepEqual(panel.errors, []);
});
