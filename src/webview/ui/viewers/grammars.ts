import { common, createLowlight } from "lowlight";

/** The grammars that files have in practice; a module of its own, so that the others are left out of the bundle. */
export const lowlight = createLowlight(common);
