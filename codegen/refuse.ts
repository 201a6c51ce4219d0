import type { DescFile } from "@bufbuild/protobuf";
import { GenerateError } from "./generate-error.ts";
import { comparePositions, formatPosition, positionOf } from "./position.ts";
import { findProblems } from "./problems.ts";

/**
 * Throws if a service of these proto files cannot run on Restate.
 *
 * @throws GenerateError with a line for each problem: `file:line:column: problem; fix`.
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
