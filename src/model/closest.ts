/** Beyond these, a misspelt name is not compared: the comparison takes time for each pair of letters. */
const maxLetters = 200;
const maxCandidates = 200;

/**
 * The end of an error message about an unknown name: `did you mean X?`, or which names there are. Undefined if
 * there are none, or too many to compare.
 */
export function nameHint(name: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0 || candidates.length > maxCandidates || name.length > maxLetters) {
    return undefined;
  }
  const meant = closest(name, candidates);
  const shown = candidates.slice(0, 10).join(", ");
  return meant === undefined
    ? `it has: ${shown}${candidates.length > 10 ? ", …" : ""}`
    : `did you mean ${meant}?`;
}

/** The candidate that a name is most likely a misspelling of: at most a third of the letters of its last part differ. */
function closest(name: string, candidates: readonly string[]): string | undefined {
  const limit = Math.ceil((name.split(".").at(-1) ?? "").length / 3);
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .toSorted((a, b) => a.distance - b.distance);
  return best?.candidate;
}

/** The Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
