import { parser } from "@prometheus-io/lezer-promql";

/** A metric that a query selects, with the labels that the query uses of it. */
export interface Selected {
  readonly name: string;
  readonly labels: readonly string[];
}

/** The metrics that a query of PromQL selects. @throws Error when the query is not PromQL. */
export function selectedMetrics(query: string): readonly Selected[] {
  const names: string[] = [];
  const labels: string[] = [];
  const text = (from: number, to: number): string => query.slice(from, to);
  parser.parse(query).iterate({
    enter({ type, from, to, node }) {
      if (type.isError) {
        throw new Error(`${query} is not PromQL at ${text(from, to)}`);
      }
      if (type.name === "Identifier" && node.parent?.name === "VectorSelector") {
        names.push(text(from, to));
      } else if (type.name === "LabelName" && text(from, to) === "__name__") {
        const value = node.parent?.getChild("StringLiteral");
        names.push(
          ...text(value?.from ?? 0, value?.to ?? 0)
            .replaceAll('"', "")
            .split("|"),
        );
      } else if (type.name === "LabelName") {
        labels.push(text(from, to));
      }
    },
  });
  return names.map((name) => ({ name, labels }));
}
