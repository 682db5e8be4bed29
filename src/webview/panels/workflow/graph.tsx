import { useEffect, useRef } from "preact/hooks";
import { Icon, IconButton } from "../../ui/controls.tsx";
import { useSize } from "../../ui/useSize.ts";
import { edgeKey } from "./layout.ts";
import { linePath } from "./linePath.ts";
import { ReuseTip } from "./reuseTip.tsx";
import type { SeenProps } from "./props.ts";
import { Step } from "./step.tsx";
import { STEP_SIGNS } from "./words.ts";

const ZOOM = 1.25;
/** px of a wheel's turn that double the size. */
const WHEEL = 400;

export function Graph({ model, host, overview }: SeenProps) {
  const room = useRef<HTMLDivElement>(null);
  useSize(room, (box) => {
    model.room.value = { width: box.clientWidth, height: box.clientHeight };
  });
  useEffect(() => {
    const { current } = room;
    // Not passive: the page must not scroll or zoom by itself.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = room.current?.getBoundingClientRect();
      if (box === undefined) return;
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      if (event.ctrlKey || event.metaKey) model.zoom(2 ** (-event.deltaY / WHEEL), at);
      else if (event.shiftKey) model.pan(-event.deltaY, 0);
      else model.pan(-event.deltaX, -event.deltaY);
    };
    current?.addEventListener("wheel", onWheel, { passive: false });
    return () => current?.removeEventListener("wheel", onWheel);
  }, []);
  const { zoom, x, y } = model.camera.value;
  const layout = model.layout.value;
  const entrance = model.entrance.value;
  return (
    <section class="graph" aria-label="Graph" data-region>
      <div
        class="graphRoom"
        ref={room}
        onPointerDown={(event) => dragging(event, model)}
        onPointerOver={({ target }) => {
          // Whatever is pointed at is no cached step, nor what is said of one.
          if (target instanceof Element && target.closest(".step.cached, .reuseTip") === null)
            model.told.value = undefined;
        }}
        style={{ backgroundPosition: `${x}px ${y}px`, backgroundSize: `${20 * zoom}px ${20 * zoom}px` }}
      >
        <div class="graphWorld" style={{ transform: `translate(${x}px, ${y}px) scale(${zoom})` }}>
          <Lines model={model} />
          <div role="group" aria-label={`Steps of ${overview.name}`}>
            {overview.steps.map((step) => {
              const place = layout.places.get(step.id);
              return place === undefined ? null : (
                <Step
                  key={step.id}
                  {...{ model, host, step, place }}
                  selected={model.selected.value === step.id}
                  entrance={entrance === step.id}
                />
              );
            })}
          </div>
        </div>
        <ReuseTip {...{ model, host, overview }} />
      </div>
      <Legend />
      <div class="zoomButtons">
        <IconButton icon="zoom-in" label="Zoom in (+)" onClick={() => model.zoom(ZOOM)} />
        <IconButton icon="zoom-out" label="Zoom out (−)" onClick={() => model.zoom(1 / ZOOM)} />
        <IconButton icon="screen-full" label="Fit the graph into the panel (0)" onClick={model.fit} />
      </div>
    </section>
  );
}

/** The ground is dragged; steps are clicked. */
function dragging(event: PointerEvent & { currentTarget: HTMLElement }, model: SeenProps["model"]): void {
  if (event.button > 1 || (event.target instanceof Element && event.target.closest("button") !== null)) return;
  const ground = event.currentTarget;
  ground.setPointerCapture(event.pointerId);
  ground.classList.add("dragged");
  let { clientX: x, clientY: y } = event;
  const onMove = (move: PointerEvent) => {
    model.pan(move.clientX - x, move.clientY - y);
    ({ clientX: x, clientY: y } = move);
  };
  const end = () => {
    ground.classList.remove("dragged");
    ground.removeEventListener("pointermove", onMove);
    ground.removeEventListener("pointerup", end);
    ground.removeEventListener("pointercancel", end);
  };
  ground.addEventListener("pointermove", onMove);
  ground.addEventListener("pointerup", end);
  ground.addEventListener("pointercancel", end);
}

/** What is so is drawn above what is awaited, and what is broken above all. */
const ORDER = { awaited: 0, satisfied: 1, broken: 2 };

/** Reads what it draws from signals, so that it is not drawn again while the graph is only moved. */
function Lines({ model }: Pick<SeenProps, "model">) {
  const layout = model.layout.value;
  const edges = model.overview.value?.edges ?? [];
  return (
    <svg class="lines" width={layout.width} height={layout.height} aria-hidden="true">
      {edges
        .toSorted((a, b) => ORDER[a.state] - ORDER[b.state])
        .map((edge) => {
          const points = layout.lines.get(edgeKey(edge));
          if (points === undefined) return null;
          const { line, head } = linePath(points);
          return (
            <g key={edgeKey(edge)} class={`line ${edge.state}`}>
              <path d={line} />
              <path class="head" d={head} />
            </g>
          );
        })}
    </svg>
  );
}

const LEGEND = ["finished", "cached", "running", "failed", "waiting", "blocked"] as const;

function Legend() {
  return (
    <ul class="legend" aria-label="What the signs mean">
      {LEGEND.map((status) => {
        const sign = STEP_SIGNS[status];
        const icon = status === "cached" ? { icon: "history", class: "dim" } : sign;
        return (
          <li key={status}>
            <Icon name={icon.icon} class={`status ${icon.class}`} />
            {sign.words}
          </li>
        );
      })}
    </ul>
  );
}
