import { parseArgs } from "node:util";
import { type PartName, partNames } from "./report/results.ts";

export interface BenchOptions {
  readonly only: readonly PartName[];
  readonly rounds: number;
  readonly seconds: number;
  readonly isQuick: boolean;
  readonly ownGenerator: boolean;
  /** True: the results go into docs/performance.md. */
  readonly isPublishing: boolean;
}

export const help = `npm run bench [-- options]

  --only PARTS      some of the parts, separated by commas: ${partNames.slice(0, 4).join(", ")},
                    ${partNames.slice(4).join(", ")}
  --rounds N        how often each measurement is repeated (default: 5; quick: 2)
  --seconds S       how long a measurement lasts (default: 2; quick: 0.5)
  --quick           fewer rounds and sizes: under two minutes (npm run bench:quick)
  --own-generator   the bench's own load generator, even where h2load is installed
  --publish         write the figures into docs/performance.md and its chart
  --help            this text

Results: bench/results/latest.json, latest.md and latest.svg.
`;

/** @throws Error that says which argument is wrong. Gives undefined for --help. */
export function readOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: "" },
      rounds: { type: "string" },
      seconds: { type: "string" },
      quick: { type: "boolean", default: false },
      "own-generator": { type: "boolean", default: false },
      publish: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    return undefined;
  }
  const [rounds, seconds] = values.quick ? [2, 0.5] : [5, 2];
  return {
    only: values.only === "" ? partNames : values.only.split(",").map(partName),
    rounds: positive("--rounds", values.rounds, rounds),
    seconds: positive("--seconds", values.seconds, seconds),
    isQuick: values.quick,
    ownGenerator: values["own-generator"],
    isPublishing: values.publish,
  };
}

function partName(text: string): PartName {
  const found = partNames.find((name) => name === text);
  if (found === undefined) {
    throw new Error(`--only must name parts of the bench (${partNames.join(", ")}), not "${text}"`);
  }
  return found;
}

function positive(option: string, text: string | undefined, otherwise: number): number {
  const number = text === undefined ? otherwise : Number(text);
  if (!(number > 0)) {
    throw new Error(`${option} must be a number above 0, not "${text}"`);
  }
  return number;
}
