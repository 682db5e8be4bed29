import type { Platform } from "../platform/platform.ts";
import type { Chosen } from "./choose.ts";
import type { ProjectParts } from "./commands.ts";
import { firstForm, formKey, keptForm, type GivenForm, type RunForm } from "./formState.ts";
import { formSubject, type Elsewhere } from "./formSubject.ts";
import { askForm } from "./runForm.ts";

interface Asked extends GivenForm {
  chosen: Chosen;
  /** What the form is kept for. */
  key: string;
  /** Of a project that is not in its place in the workspace. */
  elsewhere?: Elsewhere;
}

/** The whole form, as it stood the last time; undefined when the person went away, whose entries stay for the next time. */
export async function askKeptForm(
  platform: Platform,
  parts: ProjectParts,
  { chosen, key: uri, elsewhere, ...given }: Asked,
): Promise<RunForm | undefined> {
  const memory = platform.context.workspaceState;
  const key = formKey(uri, chosen.entryPoint.name);
  const form = firstForm(chosen.entryPoint, keptForm(memory, key), given, elsewhere?.folder);
  const isRun = await askForm(form, formSubject(platform, parts, chosen, elsewhere));
  await memory.update(key, form);
  return isRun ? form : undefined;
}
