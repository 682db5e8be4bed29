import { deepEqual, equal, match, ok } from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import type { PredictView } from "../../src/protocol/panels/predict.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { replyJson, standInScorer } from "../support/standInScorer.ts";
import { Accessibility } from "./support/axe.ts";
import { becomes } from "./support/becomes.ts";
import { browserSkip, resultsFolder } from "./support/machine.ts";
import { openPanelPage, type PanelPage } from "./support/panelPage.ts";
import { NAMES, panelHost, seedModels, serverOf, wineScorer } from "./support/predictHost.ts";
import { ALL_THEMES, themesFor } from "./support/themes.ts";

// The Predict panel's page when something is wrong, with other kinds of models, and in little room.

const skip = browserSkip;
const folder = temporaryFolder("flowdeck-predict-states-");
const results = join(resultsFolder, "predictPage");
const SIZE = { width: 500, height: 834 };
const looked = new Accessibility();
let store: Store;

before(async () => {
  if (skip !== false) return;
  mkdirSync(results, { recursive: true });
  store = openStore(storeUri(join(folder, "mlflow.db")));
  await seedModels(store);
});
after(() => store?.close());

function open(host: object, size = SIZE): Promise<PanelPage<PredictView>> {
  return openPanelPage<PredictView>({ panel: "predict", subject: {}, host, size });
}

const field = (name: string, on: Page) => on.getByRole("textbox", { name, exact: true });
/** Its icon is a part of its name. */
const send = (on: Page) => on.locator(".sendRow").getByRole("button", { name: /Send/ });
const answer = (on: Page) => on.getByRole("table").filter({ hasText: "Latency" });

async function screenshots(name: string, on: PanelPage<PredictView>): Promise<void> {
  for (const theme of themesFor(name, ALL_THEMES)) {
    await on.setTheme(theme);
    await on.page.screenshot({ path: join(results, `${name}-${theme}.png`) });
  }
  await on.setTheme("dark");
}

const FAILURES: [what: string, answers: Parameters<typeof standInScorer>[0], text: RegExp][] = [
  [
    "a refusal names the column",
    (_body, response) =>
      replyJson(
        response,
        {
          error_code: "BAD_REQUEST",
          message:
            "Invalid input. Data is not compatible with model signature. Failed to convert column free_so2 to type 'int64'. Error: 'x'",
        },
        400,
      ),
    /free_so2 takes a whole number, such as 11, and the server could not make that of what was sent\./,
  ],
  [
    "a model that fails says with what",
    (_body, response) =>
      replyJson(
        response,
        {
          error_code: "BAD_REQUEST",
          message: "Encountered an unexpected error while evaluating the model.",
          stack_trace: "Traceback\nValueError: no such wine\n",
        },
        400,
      ),
    /The model failed on this input: ValueError: no such wine/,
  ],
  [
    "an answer that is no JSON",
    (_body, response) => response.end("<html>hello"),
    /answered with something that is no JSON/,
  ],
  [
    "a server that ends meanwhile",
    (_body, response) => response.destroy(),
    /ended while it answered; its log says why/,
  ],
];

test("each failure is one sentence with a way out", { skip }, async () => {
  for (const [what, answers, text] of FAILURES) {
    const scorer = await standInScorer(answers);
    const made = panelHost(store, [serverOf("wine-quality", "A", { url: scorer.url, port: scorer.port })]);
    const own = await open(made.host);
    await send(own.page).click();
    const alert = own.page.getByRole("alert");
    await alert.getByText(text).waitFor();
    if (what === "a refusal names the column") {
      await screenshots("refused", own);
      await looked.look(own, "refused");
      await alert.getByRole("button", { name: "Show Log" }).click();
      await until("the log is shown", async () => made.asked.some(([name]) => name === "showLog"));
    }
    deepEqual(own.errors, [], what);
    await own.page.close();
  }
});

test("a server that is gone, and one that is asked for too long, can be given up on", { skip }, async () => {
  const scorer = await standInScorer(() => undefined);
  const made = panelHost(store, [serverOf("wine-quality", "A", { url: scorer.url, port: scorer.port })]);
  const own = await open(made.host);
  await send(own.page).click();
  await own.page.getByRole("button", { name: "Stop Waiting" }).click();
  await own.page.getByText("was not waited for; it may still be at work on the request.").waitFor();
  await scorer.end();
  await send(own.page).click();
  await own.page
    .getByText(`Nobody answers on port ${scorer.port}, where wine-quality@champion was served; start it again.`)
    .waitFor();
  await own.page.getByRole("alert").getByRole("button", { name: "Restart" }).click();
  await until("a restart is asked for", async () => made.asked.some(([name]) => name === "restart"));
  await own.page.close();
});

test("while a new answer is waited for, the one before is marked as such", { skip }, async () => {
  const held: (() => void)[] = [];
  let isHeld = false;
  const scorer = await standInScorer((_body, response) => {
    const reply = (value: number) => replyJson(response, { predictions: [value] });
    if (isHeld) held.push(() => reply(2.5));
    else reply(1.5);
  });
  const made = panelHost(store, [serverOf("wine-quality", "A", { url: scorer.url, port: scorer.port })]);
  const own = await open(made.host);
  await send(own.page).click();
  await answer(own.page).getByText("1.500").waitFor();
  const title = own.page.getByRole("region", { name: "Last answer" }).locator(".answerTitle");
  await title.getByRole("heading", { name: "Last answer" }).waitFor();
  isHeld = true;
  await send(own.page).click();
  await title.getByRole("heading", { name: "Answer before" }).waitFor();
  match(await title.innerText(), /waiting for the new one/);
  await own.page.getByRole("status").getByText("Waiting for the answer").waitFor({ state: "attached" });
  await screenshots("waiting", own);
  await looked.look(own, "waiting");
  held[0]?.();
  await answer(own.page).getByText("2.500").waitFor();
  await title.getByRole("heading", { name: "Last answer" }).waitFor();
  ok(!(await title.innerText()).includes("waiting"));
  await own.page.close();
});

test("of an answer with thousands of columns a hundred are drawn, and it is told how many there are", {
  skip,
}, async () => {
  const wide = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`k${i}`, i]));
  const scorer = await standInScorer((_body, response) => replyJson(response, { predictions: [wide, wide] }));
  const made = panelHost(store, [serverOf("wine-quality", "A", { url: scorer.url, port: scorer.port })]);
  const own = await open(made.host);
  await send(own.page).click();
  await own.page.getByText("The table and its copy hold 100 of 3,000 columns; Raw has all.").waitFor();
  await becomes(() => answer(own.page).locator("thead th").count(), 101);
  await screenshots("many-columns", own);
  await looked.look(own, "many columns");
  await own.page.close();
});

test("each state of a server has its own shape, and words where it cannot be asked", { skip }, async () => {
  const states = [
    ["starting", "still starting"],
    ["unhealthy", "not answering"],
    ["stopped", "stopped"],
    ["failed", "not running"],
  ] as const;
  const shapes = new Set<string | null>();
  for (const [state, words] of states) {
    const own = await open(panelHost(store, [serverOf("wine-quality", "A", { state })]).host, {
      width: 300,
      height: 700,
    });
    await own.page.locator(".serverChoice").getByText(words, { exact: true }).waitFor();
    shapes.add(await own.page.locator(".health .codicon").getAttribute("class"));
    const said = own.page.locator(".said p", { hasText: `wine-quality@champion is ${words}.` });
    await said.waitFor();
    await becomes(() => said.getByRole("button", { name: "Restart" }).count(), state === "starting" ? 0 : 1);
    await own.page.screenshot({ path: join(results, `server-${state}.png`) });
    await looked.look(own, `server ${state}`, ["dark", "light", "highContrast"]);
    await own.page.close();
  }
  equal(shapes.size, states.length);
});

test("dates, booleans and lists have fields of their own; tensors and models without a signature are written as JSON", {
  skip,
}, async () => {
  const scorer = await standInScorer((_body, response) => replyJson(response, { predictions: [1] }));
  const at = { url: scorer.url, port: scorer.port };
  const orders = await open(panelHost(store, [serverOf("orders", "A", at)]).host);
  await field("ordered", orders.page).fill("2026-11-26T14:05:00");
  await field("id", orders.page).fill("9007199254740993");
  await orders.page.getByRole("combobox", { name: "gift" }).selectOption("true");
  await field("items", orders.page).fill('[{"name": "red", "price": 4}]');
  await orders.page.getByRole("button", { name: "Choose a date for ordered" }).waitFor();
  await screenshots("types", orders);
  await looked.look(orders, "types");
  await send(orders.page).click();
  await answer(orders.page).waitFor();
  equal(
    scorer.asked.at(-1)?.body,
    '{"dataframe_split":{"columns":["id","ordered","gift","items"],"data":[[9007199254740993,"2026-11-26T14:05:00",true,[{"name":"red","price":4.0}]]]}}',
  );
  const pictures = await open(panelHost(store, [serverOf("pictures", "A", at)]).host);
  await field("input", pictures.page).fill("[[[1, 2], [3]]]");
  await pictures.page
    .getByText("The input takes lists of one length on each level, for float32 (-1, 2, 2).")
    .first()
    .waitFor();
  await field("input", pictures.page).fill("[[[1, 2], [3, 4.5]]]");
  await send(pictures.page).click();
  await answer(pictures.page).waitFor();
  equal(scorer.asked.at(-1)?.body, '{"inputs":[[[1.0,2.0],[3.0,4.5]]]}');
  await looked.look(pictures, "tensors");
  const bare = await open(panelHost(store, [serverOf("bare", "A", at)]).host);
  await field("Request as JSON or CSV", bare.page).fill("a,b\n1,x\n");
  await send(bare.page).click();
  await answer(bare.page).waitFor();
  equal(scorer.asked.at(-1)?.body, '{"dataframe_split":{"columns":["a","b"],"data":[[1,"x"]]}}');
  await Promise.all([orders, pictures, bare].map((own) => own.page.close()));
});

test("a narrow panel keeps every field and button within its width", { skip }, async () => {
  const scorer = await wineScorer(0);
  const made = panelHost(store, [serverOf("wine-quality", "A", { url: scorer.url, port: scorer.port })]);
  for (const width of [300, 420]) {
    const own = await open(made.host, { width, height: 720 });
    await field("alcohol", own.page).waitFor();
    await send(own.page).click();
    await answer(own.page).waitFor();
    const look = async (state: string) => {
      const overflow = await own.page.evaluate(
        () =>
          document.documentElement.scrollWidth -
          innerWidth +
          (document.querySelector(".predictBody")?.scrollWidth ?? 0) -
          (document.querySelector(".predictBody")?.clientWidth ?? 0),
      );
      ok(overflow <= 0, `${state}: ${overflow} px at ${width}`);
      await own.page.screenshot({ path: join(results, `narrow-${state}-${width}.png`) });
      await looked.look(own, `narrow ${width}, ${state}`);
    };
    await look("form");
    await field("free_so2", own.page).fill("eleven");
    await own.page.getByText("Send waits for free_so2.").waitFor();
    await look("wrong");
    await own.page.getByRole("tab", { name: /^Grid/ }).click();
    await look("grid");
    await own.page.getByRole("tab", { name: "JSON" }).click();
    await look("json");
    await own.page.getByRole("button", { name: "Requests sent before" }).click();
    await own.page.getByRole("region", { name: "Requests sent before" }).getByRole("listitem").first().waitFor();
    await look("history");
    await own.page.close();
  }
});

test("a file that is chosen or dropped fills the fields; one with too many rows is sent to Predict File", {
  skip,
}, async () => {
  const header = NAMES.join(",");
  const file = { name: "two.csv", text: `${header}\n${"1,".repeat(10)}9\n${"2,".repeat(10)}8\n` };
  const scorer = await wineScorer(0);
  const at = serverOf("wine-quality", "A", { url: scorer.url, port: scorer.port });
  const own = await open(panelHost(store, [at], file).host);
  await own.page.getByRole("button", { name: "From file…" }).click();
  await own.page.getByText("Row 1 of 2").waitFor();
  await becomes(() => field("alcohol", own.page).inputValue(), "9");
  await own.page.evaluate(
    ({ name, text }) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], name));
      document
        .querySelector("main")
        ?.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    },
    { name: "many.csv", text: `${header}\n${`${"1,".repeat(10)}9\n`.repeat(1_200)}` },
  );
  await own.page.getByText("many.csv has 1200 rows; Predict File… sends so many in parts.").waitFor();
  await own.page.getByText("Row 1 of 2").waitFor();
  await own.page.close();
});

test("without a server, the panel offers to serve a model", { skip }, async () => {
  const made = panelHost(store, []);
  const own = await open(made.host);
  await own.page.getByText("No model is served yet. Serve a version, and it can be asked here.").waitFor();
  await own.page.getByRole("button", { name: "Serve a Model…" }).click();
  await until("a model is to be served", async () => made.asked.some(([name]) => name === "serve"));
  await looked.look(own, "no server");
  await own.page.close();
});

test("that the servers cannot be told is said, and asked for again", { skip }, async () => {
  const scorer = await wineScorer(0);
  const made = panelHost(store, [serverOf("wine-quality", "A", { url: scorer.url, port: scorer.port })]);
  const { servers } = made.host;
  let isSilent = true;
  made.host.servers = (query) => (isSilent ? Promise.reject(new Error("The servers cannot be told.")) : servers(query));
  const own = await open(made.host);
  await own.page.getByRole("status").getByText("The servers cannot be told.").waitFor();
  await looked.look(own, "unreadable");
  isSilent = false;
  await own.page.getByRole("button", { name: "Retry" }).click();
  await field("alcohol", own.page).waitFor();
  await own.page.close();
});

test("in every state the panel is accessible", { skip }, () => looked.verify());
