import { deepEqual } from "node:assert/strict";
import type { Locator } from "playwright-core";

/** Better and worse are told by a sign and by words that go with the colour; `than`: what the differences are from. */
export async function verifySigns(deltas: Locator, than: string): Promise<void> {
  await deltas.first().waitFor();
  const told = await deltas.evaluateAll((all) =>
    all.map((one) => ({
      looks: one.classList.contains("better") ? "better" : "worse",
      sign: one.querySelector(".codicon-check") !== null ? "better" : one.querySelector(".codicon-close") && "worse",
      words: one.textContent?.split(", ").at(-1),
    })),
  );
  for (const { looks, sign, words } of told) deepEqual([sign, words], [looks, `${looks} than ${than}`]);
}
