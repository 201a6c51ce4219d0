import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { ChartColour, ChartData } from "./chart-data.ts";

/** Lines on a canvas. */
export interface Plot {
  show(data: ChartData): void;
  close(): void;
}

const height = 150;
const hourSeconds = 3_600;
/** The least time that is shown, seconds: a server that has just started has little to show. */
const leastSeconds = 300;

/** Draws lines into an element, as wide as that is, in the colours of the theme. `onPoint` gets the time under the pointer. */
export function openPlot(
  host: HTMLElement,
  data: ChartData,
  format: (value: number) => string,
  onPoint: (index: number | undefined) => void,
): Plot {
  let current = data;
  let plot = draw();
  function draw(): UPlot {
    const muted = colourOf(host, "muted");
    const grid = { stroke: colourOf(host, "line"), width: 1 };
    const axis = { stroke: muted, font: "12px system-ui, sans-serif", ticks: { show: false } };
    return new UPlot(
      {
        width: host.clientWidth,
        height,
        legend: { show: false },
        cursor: { y: false, sync: { key: "overview" }, points: { size: 6 } },
        scales: {
          x: { range: (_, __, max) => [Math.min(firstTime(current.times), max - leastSeconds), max] },
          y: { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            size: 28,
            space: 80,
            values: (_, values) => values.map(timeOfDay),
          },
          { ...axis, grid, size: 62, space: 28, values: (_, values) => values.map(format) },
        ],
        series: [
          {},
          ...current.series.map(({ label, colour }) => ({
            label,
            stroke: colourOf(host, colour),
            width: 1.6,
            points: { show: current.times.length < 3 },
          })),
        ],
        hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
      },
      aligned(current),
      host,
    );
  }
  const redraw = (): void => {
    plot.destroy();
    plot = draw();
  };
  const resize = new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height }));
  resize.observe(host);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", redraw);
  window.addEventListener("themechange", redraw);
  return {
    show(next) {
      current = next;
      plot.setData(aligned(next));
    },
    close() {
      resize.disconnect();
      dark.removeEventListener("change", redraw);
      window.removeEventListener("themechange", redraw);
      plot.destroy();
    },
  };
}

function aligned({ times, series }: ChartData): UPlot.AlignedData {
  return [[...times], ...series.map(({ values }) => [...values])];
}

function firstTime(times: readonly number[]): number {
  const last = times.at(-1) ?? 0;
  return Math.max(times[0] ?? last, last - hourSeconds);
}

/** A canvas needs a colour as such: the style sheets have one for light and one for dark. */
function colourOf(host: HTMLElement, name: ChartColour | "line"): string {
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  host.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function timeOfDay(seconds: number): string {
  return new Date(seconds * 1_000).toLocaleTimeString("sv", { hour: "2-digit", minute: "2-digit" });
}
