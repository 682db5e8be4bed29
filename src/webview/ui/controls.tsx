import { type Signal, signal } from "@preact/signals";
import { type ComponentChildren, h } from "preact";
import type { RunStatus } from "../../mlflow/entities.ts";
import { NO_PROCESS } from "../../protocol/runs.ts";
import { messageOf } from "./errors.ts";

// Every control of the panels. The toolkit stays behind this file, so that it can be replaced.

/** The toolkit's elements can be drawn. */
const loaded = signal(false);

/** Loads the toolkit, for which what people wait for does not wait. */
export function loadControls(): void {
  import("./toolkit.ts").then(({ defineElements }) => {
    defineElements();
    loaded.value = true;
  }, reportError);
}

export function Icon({ name, class: extra = "" }: { name: string; class?: string }) {
  return <i class={`codicon codicon-${name} ${extra}`} aria-hidden="true" />;
}

interface ButtonProps {
  onClick: () => void;
  children: ComponentChildren;
  /** At most one of a panel. */
  primary?: boolean;
  icon?: string;
  title?: string;
  /** Why it cannot be pressed: it stays where the keyboard finds it, and says so. */
  disabled?: string | undefined;
}

export function Button({ onClick, children, primary = false, icon, title, disabled }: ButtonProps) {
  if (disabled !== undefined) {
    // The toolkit's own does not pass on why.
    return (
      <button type="button" class="textButton off" aria-disabled="true" title={disabled}>
        {icon === undefined ? null : <Icon name={icon} />}
        {children}
      </button>
    );
  }
  if (!loaded.value) return null;
  return h(
    "vscode-button",
    { appearance: primary ? "primary" : "secondary", onClick, class: "button", title },
    icon === undefined ? null : <span slot="start" class={`codicon codicon-${icon}`} />,
    children,
  );
}

/** A secondary button with an icon; narrow panels show the icon alone. */
export function TextButton({
  icon,
  onClick,
  children,
  title,
}: {
  icon: string;
  onClick: () => void;
  children: string;
  title?: string;
}) {
  return (
    <button type="button" class="textButton" title={title ?? children} aria-label={children} onClick={onClick}>
      <Icon name={icon} />
      <span class="words">{children}</span>
    </button>
  );
}

interface IconButtonProps {
  icon: string;
  /** Hover text, and the name for screen readers. */
  label: string;
  onClick: (event: MouseEvent) => void;
  /** Words beside the icon, dropped in narrow panels. */
  text?: string;
  pressed?: boolean;
  expanded?: boolean;
  class?: string;
}

/** A flat button: icon, perhaps with words. */
export function IconButton({ icon, label, onClick, text, pressed, expanded, class: extra = "" }: IconButtonProps) {
  return (
    <button
      type="button"
      class={`ghost ${extra}`}
      title={label}
      aria-label={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      onClick={onClick}
    >
      <Icon name={icon} />
      {text === undefined ? null : <span class="words">{text}</span>}
    </button>
  );
}

/** Words that do something, written as a link. */
export function LinkButton({
  onClick,
  children,
  title,
  expanded,
  class: extra = "",
}: {
  onClick: () => void;
  children: ComponentChildren;
  title?: string;
  expanded?: boolean;
  class?: string;
}) {
  return (
    <button type="button" class={`link ${extra}`} onClick={onClick} title={title} aria-expanded={expanded}>
      {children}
    </button>
  );
}

interface TextFieldProps {
  label: string;
  icon: string;
  placeholder: string;
  value: string;
  onInput: (value: string) => void;
  onEnter?: (() => void) | undefined;
  onEscape?: (() => void) | undefined;
  onClear?: (() => void) | undefined;
  invalid?: boolean;
  /** Marks the field that Ctrl/⌘ F leads to. */
  filter?: boolean;
  class?: string;
}

export function TextField(props: TextFieldProps) {
  const { label, icon, placeholder, value, onInput, onEnter, onEscape, onClear, invalid = false } = props;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") onEnter?.();
    if (event.key === "Escape") onEscape?.();
  };
  const className = `field ${invalid ? "invalid" : ""} ${props.class ?? ""}`;
  if (!loaded.value) return <div class={className} />;
  const field = h(
    "vscode-text-field",
    {
      placeholder,
      value,
      // The toolkit names every field "Text field" when it is connected (1.4.0).
      ref: (element: HTMLElement | null) => element?.setAttribute("aria-label", label),
      "aria-invalid": invalid,
      "data-filter": props.filter,
      spellcheck: false,
      onInput: (event: Event) => onInput(valueOf(event)),
      onKeyDown,
    },
    <span slot="start" class={`codicon codicon-${icon}`} />,
    onClear !== undefined && value !== "" ? (
      <span slot="end">
        <IconButton icon="close" label="Clear" onClick={onClear} class="inField" />
      </span>
    ) : null,
  );
  return <div class={className}>{field}</div>;
}

/** The border to the toolkit's own events. */
function valueOf(event: Event): string {
  const { currentTarget } = event;
  return currentTarget !== null && "value" in currentTarget ? String(currentTarget.value) : "";
}

export function Checkbox({
  checked,
  onChange,
  children,
}: {
  checked: boolean;
  onChange: () => void;
  children: ComponentChildren;
}) {
  // The toolkit turns `checked` round after us, and would undo what was drawn for the change: it hears of neither.
  const toggle = (event: Event) => {
    event.stopImmediatePropagation();
    event.preventDefault();
    onChange();
  };
  const onKeyPress = (event: KeyboardEvent) => event.key === " " && toggle(event);
  if (!loaded.value) return null;
  return h("vscode-checkbox", { checked, onClick: toggle, onKeyPress, class: "checkbox" }, children);
}

interface SliderProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  onInput: (value: number) => void;
}

export function Slider({ label, value, min, max, step, onInput }: SliderProps) {
  const share = `${((value - min) / (max - min)) * 100}%`;
  return (
    <input
      type="range"
      class="slider"
      aria-label={label}
      {...{ min, max, step, value }}
      style={{ "--share": share }}
      onInput={(event) => onInput(event.currentTarget.valueAsNumber)}
    />
  );
}

interface SelectProps {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
  class?: string;
}

/** One of several: the browser's own list, in the editor's colours. */
export function Select({ label, value, options, onChange, class: extra = "" }: SelectProps) {
  return (
    <select
      class={`select ${extra}`}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value} selected={option.value === value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

/** The run's colour; hollow when it is not drawn. */
export function Dot({ ordinal, filled = true, size = 10 }: { ordinal: number; filled?: boolean; size?: number }) {
  return <span class={`dot size${size} run${(ordinal % 10) + 1} ${filled ? "" : "hollow"}`} aria-hidden="true" />;
}

const STATUS_ICONS: Record<RunStatus, { icon: string; class: string; words: string } | undefined> = {
  RUNNING: { icon: "loading", class: "running", words: "Running" },
  SCHEDULED: { icon: "circle-large-outline", class: "dim", words: "Scheduled" },
  FINISHED: undefined,
  FAILED: { icon: "error", class: "failed", words: "Failed" },
  KILLED: { icon: "circle-slash", class: "dim", words: "Killed" },
};

const STUCK = { icon: "warning", class: "warn", words: NO_PROCESS };

/** A run's status as an icon; a finished run has none. `stuck`: it says that it is running, but no process is at work on it. */
export function StatusIcon({ status, stuck = false }: { status: RunStatus; stuck?: boolean }) {
  const sign = stuck ? STUCK : STATUS_ICONS[status];
  if (sign === undefined) return null;
  return (
    <i
      class={`codicon codicon-${sign.icon} status ${sign.class}`}
      role="img"
      aria-label={sign.words}
      title={sign.words}
    />
  );
}

/** One warning line above what it is about, with what helps. */
export function Notice({ text, action, onAction }: { text: string; action?: string; onAction?: () => void }) {
  return (
    <div class="notice" role="status">
      <Icon name="warning" class="warn" />
      <span class="grow">{text}</span>
      {action !== undefined && onAction !== undefined ? <LinkButton onClick={onAction}>{action}</LinkButton> : null}
    </div>
  );
}

/** Why something the person asked for failed; goes when it is dismissed. */
export function Problem({ problem }: { problem: Signal<unknown> }) {
  if (problem.value === undefined) return null;
  const dismiss = () => {
    problem.value = undefined;
  };
  return <Notice text={messageOf(problem.value)} action="Dismiss" onAction={dismiss} />;
}

/** A body without data: an icon, one sentence, and what helps. */
export function EmptyBody({
  icon,
  children,
  actions,
}: {
  icon: string;
  children: ComponentChildren;
  actions?: ComponentChildren;
}) {
  return (
    <div class="emptyBody" role="status">
      <Icon name={icon} class="large" />
      <p>{children}</p>
      <div class="row">{actions}</div>
    </div>
  );
}
