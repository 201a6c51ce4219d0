import type { DescFile } from "@bufbuild/protobuf";
import { GenerateError } from "./generate-error.ts";
import { comparePositions, formatPosition, positionOf } from "./position.ts";
import { findProblems } from "./problems.ts";

/**
 * Refuses proto files with services that cannot run on Restate.
 *
 * @throws GenerateError with a line for each problem: `file:line:column: what; mend`.
 */
export function refuseProblems(files: readonly DescFile[], streaming: "refuse" | "skip"): void {
  const lines = findProblems(files, streaming)
    .map(({ at, text }) => ({ position: positionOf(at), text }))
    .sort((a, b) => comparePositions(a.position, b.position))
    .map(({ position, text }) => `${formatPosition(position)}: ${text}`);
  if (lines.length > 0) {
    throw new GenerateError(lines.join("\n"));
  }
}
