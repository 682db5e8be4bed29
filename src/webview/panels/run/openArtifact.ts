import { computed, effect, type Signal, signal } from "@preact/signals";
import type { RunHost } from "../../../protocol/panels/run.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { ArtifactAccess } from "../../ui/viewers/reader.ts";
import { ArtifactTree } from "./artifacts.ts";
import type { RunArrangement } from "./savedView.ts";
import { frameAt, type Frame } from "./stepped.ts";

/** The artifact tree and the artifact that is shown beside it. */
export class OpenArtifact {
  readonly tree: ArtifactTree;
  readonly access: ArtifactAccess;
  /** Empty: none. */
  readonly open: Signal<string>;
  readonly step: Signal<number>;
  readonly place: Signal<number>;
  /** Grows when the file that is shown may be another one. */
  readonly version = signal(0);
  readonly #host: Remote<RunHost>;
  #looked: { path: string; told: string } | undefined;
  /** The images with steps that are shown, if such are. */
  readonly frames = computed<Frame[] | undefined>(() => this.tree.stepped(this.open.value)?.frames);
  /** The file that is shown: of images with steps the one of the step. */
  readonly file = computed(() => {
    const path = this.open.value;
    const frames = this.frames.value;
    const frame = frames === undefined ? undefined : frameAt(frames, this.step.value);
    if (frame !== undefined) return { path: frame.path, size: frame.size, step: frame.step };
    // What stands for images of several steps is known once its folder is.
    if (path === "" || !this.tree.knows(path)) return undefined;
    return { path, size: this.tree.file(path)?.file_size };
  });
  readonly arrangement = computed(() => ({
    unfolded: [...this.tree.unfolded.value],
    open: this.open.value,
    step: this.step.value,
    place: this.place.value,
  }));

  constructor(host: Remote<RunHost>, saved: RunArrangement, attempt: (answer: Promise<unknown>) => void) {
    this.#host = host;
    const list = (path: string) => host.listArtifacts(path === "" ? {} : { path });
    this.tree = new ArtifactTree(list, saved.unfolded, saved.search["artifacts"]);
    this.open = signal(saved.open);
    this.step = signal(saved.step);
    this.place = signal(saved.place);
    this.access = {
      read: (query) => host.readArtifact(query),
      index: (query) => host.indexArtifact(query),
      model: (query) => host.readModel(query),
      environment: (query) => host.readEnvironment(query),
      open: (path) => attempt(host.openArtifact({ path })),
      save: (path) => attempt(host.saveArtifact({ path })),
      link: (href) => attempt(host.openLink({ href })),
    };
    const path = computed(() => this.file.value?.path);
    // What it is now is known from the beginning, so that the first change is seen as one.
    effect(() => {
      if (path.value !== undefined) this.#look(path.value);
    });
  }

  show(path: string): void {
    if (this.open.peek() === path) return;
    this.open.value = path;
    this.step.value = -1;
    this.place.value = 0;
  }

  /** Lists again what is listed, and looks whether the file that is shown is another one. */
  refresh(): void {
    this.tree.refresh(this.open.peek());
    const path = this.file.peek()?.path;
    if (path !== undefined) this.#look(path);
  }

  #look(path: string): void {
    this.#host.readArtifact({ path, offset: 0, length: 0 }).then(
      ({ size, modified }) => this.#note(path, `${size} ${modified ?? ""}`),
      // It is gone, and its viewer says so.
      () => this.#note(path, "gone"),
    );
  }

  #note(path: string, told: string): void {
    if (this.#looked?.path === path && this.#looked.told !== told) this.version.value += 1;
    this.#looked = { path, told };
  }
}
