/** What was measured of one contender at one kind of work. */
export interface Measurement {
  readonly work: string;
  readonly contender: string;
  /** One value a round, by the name of the figure. Ratios are made of the values of the same round. */
  readonly figures: Readonly<Record<string, readonly number[]>>;
}

export const partNames = [
  "ingress",
  "durable-send",
  "node-client",
  "page-size",
  "cold-import",
  "generator",
  "growth",
] as const;

export type PartName = (typeof partNames)[number];

/** One part of the bench, as it ran. */
export interface PartResult {
  /** ISO 8601. */
  readonly ranAt: string;
  /** How long it took, s. */
  readonly took: number;
  readonly rounds: number;
  /** How long each measurement lasted, s. */
  readonly seconds: number;
  /** The machine's load average over one minute, before the bench began. */
  readonly loadAverage: number;
  readonly measurements: readonly Measurement[];
  readonly notes: readonly string[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  /** True: the server had one core to itself, the load another one. */
  readonly pinned: boolean;
  readonly loadGenerator: string;
  /** Of the packages that are measured. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What a run writes as JSON. Tables and chart are made of nothing else. */
export interface Results {
  readonly machine: Machine;
  readonly parts: Readonly<Partial<Record<PartName, PartResult>>>;
}

/** Above this load average, other work on the machine slows what is measured. */
const quietLoad = 1;

/** Whether the machine had other work to do when the bench began. */
export function wasBusy({ loadAverage }: PartResult): boolean {
  return loadAverage > quietLoad;
}

/** The rounds' values of one figure; none if it was not measured. */
export function figure(
  measurements: readonly Measurement[],
  work: string,
  contender: string,
  name: string,
): readonly number[] {
  return measurements.find((one) => one.work === work && one.contender === contender)?.figures[name] ?? [];
}
