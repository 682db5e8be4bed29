import { provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox, vsCodeTextField } from "@vscode/webview-ui-toolkit";

/** Makes the toolkit's elements known to the page. */
export function defineElements(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeTextField());
}
