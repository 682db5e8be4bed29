import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Icon, IconButton } from "../../../ui/controls.tsx";
import { below } from "../../../ui/menu.tsx";
import type { ExperimentModel } from "../model.ts";
import { filterPieces } from "./colors.ts";
import type { Completion } from "./completion.ts";

/** The search of the table: MLflow's grammar in colours, completed while it is written, errors underlined where they are. */
export function FilterField({ model }: { model: ExperimentModel }) {
  const { writing, draft } = model;
  const input = useRef<HTMLInputElement>(null);
  const colors = useRef<HTMLDivElement>(null);
  const text = draft.value;
  const problem = writing.problem.value;
  const { items } = writing.completions.value;
  const open = writing.open.value && items.length > 0;
  const readCaret = () => {
    const at = input.current?.selectionStart;
    if (typeof at === "number" && at !== writing.caret.peek()) writing.caret.value = at;
  };
  const follow = () => {
    // An empty field lies nowhere else; to ask lays the page out.
    if (text !== "" && colors.current !== null && input.current !== null)
      colors.current.scrollLeft = input.current.scrollLeft;
  };
  useLayoutEffect(follow);
  useEffect(() => {
    const at = writing.caret.peek();
    if (document.activeElement === input.current) input.current?.setSelectionRange(at, at);
  }, [text]);
  const accept = (item: Completion) => {
    writing.accept(item);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const item = items[writing.selected.peek()];
    if (event.key === " " && (event.ctrlKey || event.metaKey)) writing.open.value = true;
    else if (by !== undefined && open) writing.moveSelection(by);
    else if (by === 1) writing.open.value = true;
    else if ((event.key === "Tab" || event.key === "Enter") && open && item !== undefined && isChosen(event, model))
      accept(item);
    else if (event.key === "Enter") writing.enter();
    else if (event.key === "Escape") {
      event.stopPropagation();
      if (!writing.escape()) document.querySelector<HTMLElement>(".grid")?.focus();
    } else return;
    event.preventDefault();
  };
  const onHistory = (event: MouseEvent & { currentTarget: HTMLElement }) => {
    const { filters } = model.views.kept.peek();
    const entries = filters.map((filter) => ({ label: filter, onClick: () => model.applyFilter(filter) }));
    const none = { heading: "Filters that were applied are listed here" };
    model.menu.value = {
      ...{ label: "Earlier filters", back: input.current, ...below(event.currentTarget) },
      entries: entries.length > 0 ? entries : [none],
    };
  };
  return (
    <div class={`filterField grow ${problem === undefined ? "" : "invalid"}`}>
      <Icon name="filter" class="dim" />
      <div class="filterText">
        <div class="filterColors" aria-hidden="true" ref={colors}>
          {filterPieces(text, problem).map(({ text: piece, kind, wrong }, i) => (
            <span key={i} class={`${kind} ${wrong ? "wrong" : ""}`}>
              {piece}
            </span>
          ))}
        </div>
        <input
          ref={input}
          type="text"
          class="filterInput"
          role="combobox"
          aria-label="Filter runs"
          aria-expanded={open}
          aria-autocomplete="list"
          {...(open
            ? { "aria-controls": "completions", "aria-activedescendant": `completion-${writing.selected.value}` }
            : {})}
          aria-invalid={problem !== undefined}
          {...(problem === undefined ? {} : { "aria-describedby": "filterProblem" })}
          placeholder="Filter, such as metrics.loss < 0.5 and params.model = 'mlp'"
          value={text}
          data-filter
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => writing.typed(event.currentTarget.value, event.currentTarget.selectionStart ?? 0)}
          onKeyDown={onKeyDown}
          onKeyUp={readCaret}
          onClick={readCaret}
          onScroll={follow}
          onBlur={() => {
            writing.open.value = false;
          }}
        />
        {open ? <Completions model={model} onAccept={accept} /> : null}
      </div>
      <button
        type="button"
        class="ghost inField"
        title="Earlier filters"
        aria-label="Earlier filters"
        aria-haspopup="menu"
        onClick={onHistory}
      >
        <Icon name="history" />
      </button>
      {text === "" ? null : (
        <IconButton
          icon="close"
          label="Clear"
          class="inField"
          onClick={() => {
            model.applyFilter("");
            input.current?.focus();
          }}
        />
      )}
    </div>
  );
}

/** Tab takes what is marked; Enter does so only where the arrows were used, for else it applies the filter. */
function isChosen(event: KeyboardEvent, { writing }: ExperimentModel): boolean {
  return event.key === "Tab" || writing.chosen.peek();
}

function Completions({ model, onAccept }: { model: ExperimentModel; onAccept: (item: Completion) => void }) {
  const { writing } = model;
  const { items, from, all } = writing.completions.value;
  const list = useRef<HTMLDivElement>(null);
  const selected = writing.selected.value;
  useLayoutEffect(() => {
    list.current?.querySelector("[aria-selected='true']")?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return (
    <div class="popup completions" style={{ left: `min(${from}ch, 100% - 340px)` }}>
      <div role="listbox" id="completions" aria-label="Completions" class="completionList" ref={list}>
        {items.map((item, i) => (
          <div
            key={item.label}
            id={`completion-${i}`}
            role="option"
            aria-selected={i === selected}
            class="completion"
            // The field keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onAccept(item)}
          >
            <Icon name={item.icon} />
            <Label item={item} />
            <span class="grow" />
            <span class="dim small num">{item.detail}</span>
          </div>
        ))}
      </div>
      <div class="completionFoot dim small" aria-hidden="true">
        <kbd>Tab</kbd> accept{" "}
        {all === "" ? null : (
          <>
            <kbd>Ctrl Space</kbd> all {all}
          </>
        )}
      </div>
    </div>
  );
}

function Label({ item: { label, match } }: { item: Completion }) {
  if (match === undefined || match[0] === match[1]) return <span class="cut">{label}</span>;
  return (
    <span class="cut">
      {label.slice(0, match[0])}
      <span class="matched">{label.slice(...match)}</span>
      {label.slice(match[1])}
    </span>
  );
}
