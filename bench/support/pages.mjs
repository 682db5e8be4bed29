// What a page costs: CPU time of its main thread, and of the process that answers it, until something is seen in it.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openPanelPage } from "../../test/e2e/support/panelPage.ts";
import { quietFirstVisit } from "../../test/e2e/support/mlflowUi.ts";
import { experimentHost } from "../../test/e2e/support/experimentHost.ts";
import { memoryOf } from "./processes.mjs";

/** ms after which something that is waited for will not come any more. */
const PATIENCE = 120_000;
const LONGEST_REST = 3_000;

export const SIZE = { width: 1440, height: 900 };

/** A page whose cost is read; `answering` gives the CPU time in ms of the process that answers it. */
class CountedPage {
  #page;
  #session;
  #answering;
  #seen = new Map();

  constructor(page, answering) {
    this.#page = page;
    this.#answering = answering;
  }

  /** Before the page goes anywhere. `watched`: conditions by name, looked at from the start on. */
  async prepare(watched) {
    await this.#count();
    this.#page.setDefaultTimeout(PATIENCE);
    await this.#page.exposeFunction("benchSeen", (name, at) => this.#sawIt(name, at));
    for (const [name, condition] of Object.entries(watched)) {
      await this.#page.addInitScript({ content: watchOf(name, condition) });
    }
  }

  /** Cost from the start of the page until a watched condition; the clock is the page's. */
  async seen(name) {
    const late = pause(PATIENCE, undefined, { ref: false }).then(async () => {
      const picture = join(tmpdir(), `flowdeck-bench-${name}.png`);
      await this.#page.screenshot({ path: picture });
      throw new Error(`Waited ${PATIENCE} ms in vain for ${name} in ${this.#page.url()}: ${picture}`);
    });
    return Promise.race([this.#promise(name).promise, late]);
  }

  /** Cost from `action` until the condition. */
  async act(name, condition, action) {
    await this.#page.evaluate(watchOf(name, condition));
    const before = await this.cost();
    const began = performance.now();
    await action(this.#page);
    const after = await this.seen(name);
    this.#seen.delete(name);
    return {
      page: after.page - before.page,
      answering: after.answering - before.answering,
      clock: after.clock - began,
    };
  }

  /** Cost of `action` and all that follows of it, until nothing happens any more. */
  async whole(action) {
    const before = await this.cost();
    await action(this.#page);
    await this.quiet();
    const after = await this.cost();
    return { page: after.page - before.page, answering: after.answering - before.answering };
  }

  async cost() {
    const [page, answering] = [await this.#taken(), this.#answering()];
    return { page, answering };
  }

  /** Waits until neither side does anything for `least` ms; a page that never rests is given some seconds. */
  async quiet(least = 300) {
    const end = performance.now() + LONGEST_REST;
    for (let calm = 0, before = await this.cost(); calm < least && performance.now() < end; ) {
      await pause(100);
      const now = await this.cost();
      const still = now.page - before.page < 4 && now.answering - before.answering < 4;
      calm = still ? calm + 100 : 0;
      before = now;
    }
  }

  /** MB of the page's process, and of what its script holds. */
  async memory() {
    const browser = await this.#page.context().browser().newBrowserCDPSession();
    const { processInfo } = await browser.send("SystemInfo.getProcessInfo");
    await browser.detach();
    const sizes = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => memoryOf(id));
    await this.#session.send("HeapProfiler.collectGarbage");
    const { metrics } = await this.#session.send("Performance.getMetrics");
    return { process: Math.max(...sizes), heap: valueOf(metrics, "JSHeapUsedSize") / 1e6 };
  }

  get page() {
    return this.#page;
  }

  async #count() {
    this.#session = await this.#page.context().newCDPSession(this.#page);
    await this.#session.send("Performance.enable", { timeDomain: "threadTicks" });
  }

  async #taken() {
    const { metrics } = await this.#session.send("Performance.getMetrics");
    return valueOf(metrics, "TaskDuration") * 1_000;
  }

  #promise(name) {
    const known = this.#seen.get(name) ?? Promise.withResolvers();
    this.#seen.set(name, known);
    return known;
  }

  /** The page's own time is that since its start. */
  #sawIt(name, at) {
    const seen = performance.now();
    const answering = this.#answering();
    this.#taken().then(
      (page) => this.#promise(name).resolve({ page, answering, clock: seen, since: at }),
      (error) => this.#promise(name).reject(error),
    );
  }
}

/** Looks after what changes in the page, in the frame that shows it: a look in each frame would be a cost of the page's waiting. */
function watchOf(name, { when, with: given = null }) {
  const watch = (found, told) => {
    let asked = false;
    const look = () => {
      asked = false;
      if (!found()) return;
      changes.disconnect();
      globalThis.benchSeen(told, performance.now());
    };
    const changes = new MutationObserver(() => {
      if (!asked) requestAnimationFrame(look);
      asked = true;
    });
    changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    requestAnimationFrame(look);
  };
  return `(${watch})(() => (${when})(${JSON.stringify(given)}), ${JSON.stringify(name)})`;
}

function valueOf(metrics, name) {
  return metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
}

/** The Experiment panel of experiment 0 over a store process; `view` is how the person left it. */
export function openOurs(process, { view = {}, watched = {} } = {}) {
  const { host } = experimentHost(process.store, "0");
  const subject = { uri: process.uri, experiment_id: "0" };
  return openCounted(process, { panel: "experiment", subject, host, state: { format: 1, subject, view }, watched });
}

/** Any panel over a store process. */
export async function openCounted(process, { watched, ...options }) {
  let counted;
  const started = process.cpu();
  const panel = await openPanelPage({
    ...options,
    size: SIZE,
    prepare: async (page) => {
      counted = new CountedPage(page, () => process.cpu() - started);
      await counted.prepare(watched);
    },
  });
  if (panel.errors.length > 0) throw new Error(panel.errors.join("\n"));
  return counted;
}

/** A context of MLflow's page whose files stay in the browser's cache from one page to the next. */
export async function mlflowContext(browser) {
  const context = await browser.newContext({ viewport: SIZE });
  // What the page remembers of an experiment, such as its filter, would be in force at the next visit.
  await context.addInitScript(() => location.protocol === "about:" || localStorage.clear());
  await quietFirstVisit(context);
  return context;
}

/** MLflow's page at what stands behind the `#` of its address. */
export async function openMlflow(context, server, place, { watched = {} } = {}) {
  const page = await context.newPage();
  const started = server.cpu();
  const counted = new CountedPage(page, () => server.cpu() - started);
  await counted.prepare(watched);
  await page.goto(`http://127.0.0.1:${server.port}/#${place}`);
  return counted;
}
