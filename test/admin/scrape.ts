import { http1 } from "../ingress/support.ts";

/** The samples of a scrape. */
export interface Scrape {
  /** The names of all metrics, as in their `# TYPE` lines. */
  readonly names: ReadonlySet<string>;
  readonly samples: readonly Sample[];
  /** The value of the only sample with this name and at least these labels. Fails if there are more, or none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number;
}

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Scrapes `/metrics`, as Prometheus does. */
export async function scrape(adminUrl: string): Promise<Scrape> {
  const { status, body } = await http1(`${adminUrl}/metrics`, { method: "GET" });
  if (status !== 200) {
    throw new Error(`GET /metrics answered ${status}: ${body}`);
  }
  return readScrape(body.toString());
}

/** Reads the text of Prometheus. */
export function readScrape(text: string): Scrape {
  const samples = text.split("\n").flatMap((line): Sample[] => {
    const [, name, labels = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      return [];
    }
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", label = ""]) => [key, label]);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
  const names = new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = ""]) => name));
  return {
    names,
    samples,
    value(name, labels = {}) {
      const found = samples.filter(
        (sample) =>
          sample.name === name &&
          Object.entries(labels).every(([key, label]) => sample.labels[key] === label),
      );
      const [only, another] = found;
      if (only === undefined || another !== undefined) {
        throw new Error(`${found.length} samples of ${name}${JSON.stringify(labels)}`);
      }
      return only.value;
    },
  };
}
