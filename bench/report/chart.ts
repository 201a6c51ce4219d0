import { median } from "../measure/statistics.ts";
import { formatCount } from "./format.ts";
import { figure, type Results } from "./results.ts";

const width = 760;
const [barHeight, barGap, groupGap, labelWidth] = [18, 4, 26, 110];
const contenders = [
  { name: "ours", label: "restate-connect" },
  { name: "raw Node", label: "raw Node" },
  { name: "connect-node", label: "connect-node" },
  { name: "grpc-js", label: "grpc-js" },
] as const;

const style = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 15px; font-weight: 600 }
  .group { font-weight: 600 }
  .ours { fill: #1f6feb } .raw-Node { fill: #afb8c1 } .connect-node { fill: #d4a72c } .grpc-js { fill: #8250df }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .raw-Node { fill: #6e7681 } }`;

/** Bars of how many plain calls a CPU second of the server answers, as an SVG. Empty without the ingress. */
export function renderChart({ parts }: Results): string {
  const measurements = parts.ingress?.measurements ?? [];
  const groups = [...new Set(measurements.map(({ work }) => work))].map((work) => ({
    work,
    bars: contenders.flatMap(({ name, label }) => {
      const micros = median(figure(measurements, work, name, "cpuMicros"));
      return Number.isNaN(micros) ? [] : [{ name, label, value: 1_000_000 / micros }];
    }),
  }));
  const most = Math.max(1, ...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const shapes: string[] = [];
  let y = 30;
  for (const { work, bars } of groups) {
    y += groupGap;
    shapes.push(`<text class="group" x="0" y="${y}">${work}</text>`);
    y += 8;
    for (const { name, label, value } of bars) {
      const length = Math.round((value / most) * (width - labelWidth - 80));
      const middle = y + barHeight - 5;
      shapes.push(
        `<text x="0" y="${middle}">${label}</text>`,
        `<rect class="${name.replace(" ", "-")}" x="${labelWidth}" y="${y}" width="${length}" height="${barHeight}"/>`,
        `<text x="${labelWidth + length + 6}" y="${middle}">${formatCount(value)}</text>`,
      );
      y += barHeight + barGap;
    }
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 8}" width="${width}" height="${y + 8}" role="img">`,
    "<title>Plain calls that one CPU second of the server answers</title>",
    `<style>${style}\n</style>`,
    `<text class="title" x="0" y="16">Plain calls that one CPU second of the server answers</text>`,
    ...shapes,
    "</svg>\n",
  ].join("\n");
}
