import type { Signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./controls.tsx";

export interface MenuItem {
  label: string;
  onClick(): void;
  icon?: string;
  /** The key that does the same. */
  keys?: string;
  /** An item that is on or off. */
  checked?: boolean;
  /** One of several, of which one is on. */
  radio?: boolean;
}

export type MenuEntry = MenuItem | "separator" | { heading: string };

export interface OpenMenu {
  /** Accessible name. */
  label: string;
  entries: MenuEntry[];
  /** Px of the page. */
  x: number;
  y: number;
  /** Gets the focus back. */
  back: HTMLElement | null;
}

/** The place below an element, for a menu that its click opens. */
export function below(element: Element): { x: number; y: number } {
  const { left, bottom } = element.getBoundingClientRect();
  return { x: left, y: bottom + 2 };
}

/** A panel's one menu, wherever it was asked for. */
export function Menu({ menu }: { menu: Signal<OpenMenu | undefined> }) {
  const open = menu.value;
  return open === undefined ? null : <Opened key={`${open.label} ${open.x} ${open.y}`} open={open} menu={menu} />;
}

function Opened({ open, menu }: { open: OpenMenu; menu: Signal<OpenMenu | undefined> }) {
  const root = useRef<HTMLDivElement>(null);
  const close = (back = true) => {
    menu.value = undefined;
    if (back) open.back?.focus();
  };
  const items = () => [...(root.current?.querySelectorAll<HTMLElement>("[role^='menuitem']") ?? [])];
  useLayoutEffect(() => {
    const box = root.current;
    if (box === null) return;
    const { offsetWidth: width, offsetHeight: height } = box;
    box.style.left = `${Math.max(4, Math.min(open.x, globalThis.innerWidth - width - 4))}px`;
    box.style.top = `${Math.max(4, Math.min(open.y, globalThis.innerHeight - height - 4))}px`;
    items()[0]?.focus();
  }, []);
  useEffect(() => {
    const onPointerDown = (event: PointerEvent) => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) close(false);
    };
    document.addEventListener("pointerdown", onPointerDown, true);
    return () => document.removeEventListener("pointerdown", onPointerDown, true);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const all = items();
    const at = all.findIndex((item) => item === document.activeElement);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    event.stopPropagation();
    if (by !== undefined) all[(at + by + all.length) % all.length]?.focus();
    else if (event.key === "Home") all[0]?.focus();
    else if (event.key === "End") all.at(-1)?.focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else if (event.key.length === 1 && event.key !== " ") {
      const rest = [...all.slice(at + 1), ...all.slice(0, at + 1)];
      rest.find((item) => item.innerText.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
    } else return;
    event.preventDefault();
  };
  return (
    <div class="popup menu" role="menu" aria-label={open.label} ref={root} onKeyDown={onKeyDown}>
      {open.entries.map((entry, i) => {
        if (entry === "separator") return <div key={i} class="menuLine" role="separator" />;
        if ("heading" in entry)
          return (
            <div key={i} class="menuHeading dim small" role="presentation">
              {entry.heading}
            </div>
          );
        const { label, onClick, icon, keys, checked, radio } = entry;
        const role = checked === undefined ? "menuitem" : radio === true ? "menuitemradio" : "menuitemcheckbox";
        return (
          <button
            key={i}
            type="button"
            role={role}
            aria-checked={checked}
            tabIndex={-1}
            class="menuItem"
            onPointerEnter={(event) => event.currentTarget.focus()}
            onClick={() => {
              close();
              onClick();
            }}
          >
            <Icon name={checked === true ? "check" : (icon ?? "blank")} />
            <span class="grow">{label}</span>
            {keys === undefined ? null : <kbd class="dim">{keys}</kbd>}
          </button>
        );
      })}
    </div>
  );
}
