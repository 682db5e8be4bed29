// The panels' states in every theme: of each, the end-to-end suite looks at some.
process.env["FLOWDECK_THEMES"] = "all";

const PAGES = [
  "accessibility",
  "loggedModelsPage",
  "modelPage",
  "modelPageStates",
  "predictPage",
  "predictPageStates",
  "workflowPage",
];
for (const name of PAGES) await import(`../e2e/${name}.test.ts`);
