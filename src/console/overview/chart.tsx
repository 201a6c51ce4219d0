import { useEffect, useRef, useState } from "preact/hooks";
import type { ChartData } from "./chart-data.ts";
import type { Plot } from "./plot.ts";

interface ChartProps extends ChartData {
  readonly title: string;
  readonly format: (value: number) => string;
  /** Said when there are no lines. */
  readonly empty: string;
}

/** Lines over the last hour. The legend says the last values, or those under the pointer. */
export function Chart({ title, times, series, format, empty }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>();
  const [pointed, setPointed] = useState<number>();
  const labels = series.map(({ label }) => label).join();
  const latest = useRef({ times, series });
  latest.current = { times, series };

  useEffect(() => {
    let isOpen = true;
    const open = async (): Promise<void> => {
      const { openPlot } = await import("./plot.ts");
      if (isOpen && host.current !== null && labels !== "") {
        plot.current = openPlot(host.current, latest.current, format, setPointed);
      }
    };
    void open();
    return () => {
      isOpen = false;
      plot.current?.close();
      plot.current = undefined;
    };
  }, [labels, format]);
  useEffect(() => plot.current?.show({ times, series }), [times, series]);

  const at = pointed ?? times.length - 1;
  return (
    <section class="card chart" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <ul class="legend">
          {series.map(({ label, colour, values }) => (
            <li key={label}>
              <span class={`swatch ${colour}`} aria-hidden="true" />
              {label} <b>{values[at] === null || values[at] === undefined ? "–" : format(values[at])}</b>
            </li>
          ))}
        </ul>
      </header>
      {series.length === 0 ? (
        <p class="muted">{empty}</p>
      ) : (
        <div class="plot" ref={host} aria-hidden="true" />
      )}
    </section>
  );
}
