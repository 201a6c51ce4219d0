import type { Entry } from "./journal.ts";
import type { Request } from "./load.ts";

/** What the guarantees forbid, in words. Empty: all was kept. */
export function violations(journal: readonly Entry[], requests: readonly Request[]): readonly string[] {
  return [
    ...missing(journal, requests),
    ...wrongOutcomes(requests),
    ...twoAtOnce(journal),
    ...outOfOrder(journal),
    ...ranAfterTheEnd(journal, requests),
  ];
}

function missing(journal: readonly Entry[], requests: readonly Request[]): string[] {
  const ended = new Set(
    journal.flatMap((entry) => (entry.kind === "end" ? [`${entry.key}/${entry.number}`] : [])),
  );
  return requests
    .filter(({ id, key, number }) => id !== undefined && !ended.has(`${key}/${number}`))
    .map(
      ({ id, key, number, kind }) =>
        `${kind} ${id} (${key}/${number}) was acknowledged and never ran to its end`,
    );
}

function wrongOutcomes(requests: readonly Request[]): string[] {
  return requests
    .filter(({ number, ended }) => ended !== undefined && ended.value !== BigInt(number) * 2n)
    .map(({ id, number, ended }) => `${id} answered ${ended?.value} to ${number}`);
}

function twoAtOnce(journal: readonly Entry[]): string[] {
  const inside = new Map<string, string>();
  return journal.flatMap((entry) => {
    if (entry.kind === "server") {
      inside.clear();
      return [];
    }
    if (entry.kind === "end") {
      inside.delete(entry.key);
      return [];
    }
    const other = inside.get(entry.key);
    inside.set(entry.key, entry.id);
    return other === undefined ? [] : [`${entry.id} and ${other} ran at once for key ${entry.key}`];
  });
}

/** The first time that each request of a key ends is in the order in which they were sent. */
function outOfOrder(journal: readonly Entry[]): string[] {
  const last = new Map<string, number>();
  const seen = new Set<string>();
  return journal.flatMap((entry) => {
    const name = entry.kind === "end" ? `${entry.key}/${entry.number}` : "";
    if (entry.kind !== "end" || entry.number < 0 || seen.has(name)) {
      return [];
    }
    seen.add(name);
    const before = last.get(entry.key) ?? 0;
    last.set(entry.key, entry.number);
    return entry.number > before ? [] : [`${name} ended after ${before} of its key`];
  });
}

function ranAfterTheEnd(journal: readonly Entry[], requests: readonly Request[]): string[] {
  const endedAt = new Map(
    requests.flatMap(({ key, number, ended }) => (ended ? [[`${key}/${number}`, ended.at]] : [])),
  );
  return journal.flatMap((entry) => {
    const at = entry.kind === "begin" ? endedAt.get(`${entry.key}/${entry.number}`) : undefined;
    return entry.kind === "begin" && at !== undefined && entry.at > at
      ? [`${entry.id} ran again ${entry.at - at} ms after its outcome was known`]
      : [];
  });
}
