import { excerpt } from "../../model/excerpt.ts";

/** How much of a cell is shown, characters: one long cell would pad all the rows. */
const maxWidth = 120;

/**
 * Lays rows out in columns, two spaces apart, under a heading. Long cells are cut, and control characters escaped: what
 * callers and handlers wrote must not steer the terminal, or look like another row.
 */
export function table(heading: readonly string[], cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map((cell) => excerpt(cell, maxWidth)));
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return `${[heading, ...rows].map(line).join("\n")}\n`;
}
