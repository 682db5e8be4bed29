import { afterLoad } from "./toolkitLoad.ts";
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox, vsCodeTextField } from "@vscode/webview-ui-toolkit";

/** Makes the toolkit's elements known to the page. */
export function defineElements(): void {
  afterLoad();
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeTextField());
}
