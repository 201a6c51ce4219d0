/** The colours of lines, by the names of the style sheets. */
export type ChartColour = "blue" | "violet" | "green" | "amber" | "red" | "muted";

/** A line of a chart. */
export interface Series {
  readonly label: string;
  readonly colour: ChartColour;
  /** One for each time; null where there is none. */
  readonly values: readonly (number | null)[];
}

/** What a chart shows. */
export interface ChartData {
  /** Epoch seconds. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
}
