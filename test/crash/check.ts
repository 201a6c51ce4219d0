import type { Entry } from "./journal.ts";
import type { Request } from "./load.ts";

/** What the guarantees forbid, in words. Empty: all was kept. */
export function violations(journal: readonly Entry[], requests: readonly Request[]): readonly string[] {
  return [
    ...missing(journal, requests),
    ...wrongOutcomes(requests),
    ...sentTwice(requests),
    ...twoAtOnce(journal),
    ...outOfOrder(journal, requests),
    ...ranEarly(journal, requests),
    ...ranAfterTheEnd(journal, requests),
  ];
}

const nameOf = ({ key, number }: { readonly key: string; readonly number: number }): string =>
  `${key}/${number}`;

function missing(journal: readonly Entry[], requests: readonly Request[]): string[] {
  const ended = new Set(journal.flatMap((entry) => (entry.kind === "end" ? [nameOf(entry)] : [])));
  return requests
    .filter(({ id, kind }) => id !== undefined && kind !== "cancelled send")
    .flatMap((request) => {
      const { kind, id, key, number } = request;
      const called = kind === "send that nests" ? [{ key: `${key}/called`, number }] : [];
      return [request, ...called]
        .filter((one) => !ended.has(nameOf(one)))
        .map((one) => `${kind} ${id} was acknowledged and ${nameOf(one)} never ran to its end`);
    });
}

function wrongOutcomes(requests: readonly Request[]): string[] {
  return requests.flatMap(({ id, number, kind, ended }) => {
    const expected = kind === "cancelled send" ? undefined : BigInt(number) * 2n;
    return ended === undefined || ended.value === expected
      ? []
      : [`${kind} ${id} answered ${ended.value ?? "canceled"} to ${number}`];
  });
}

/** A retried attempt, and a retried request, must lead to the one invocation that is there. */
function sentTwice(requests: readonly Request[]): string[] {
  const ids = new Map<string, string>();
  return requests.flatMap((request) => {
    const { id } = request;
    const other = ids.get(nameOf(request));
    if (id !== undefined) {
      ids.set(nameOf(request), id);
    }
    return other === undefined || other === id ? [] : [`${nameOf(request)} was sent as ${other} and ${id}`];
  });
}

function twoAtOnce(journal: readonly Entry[]): string[] {
  const inside = new Map<string, string>();
  return journal.flatMap((entry) => {
    if (entry.kind === "server") {
      inside.clear();
    } else if (entry.kind === "end") {
      inside.delete(entry.key);
    } else if (entry.kind === "begin") {
      const other = inside.get(entry.key);
      inside.set(entry.key, entry.id);
      return other === undefined ? [] : [`${entry.id} and ${other} ran at once for key ${entry.key}`];
    }
    return [];
  });
}

/** The first time that each request of a key ends is in the order in which they were sent. Delayed ones join later. */
function outOfOrder(journal: readonly Entry[], requests: readonly Request[]): string[] {
  const last = new Map<string, number>();
  const seen = new Set(requests.filter(({ notBefore }) => notBefore !== undefined).map(nameOf));
  return journal.flatMap((entry) => {
    if (entry.kind !== "end" || entry.number < 0 || seen.has(nameOf(entry))) {
      return [];
    }
    seen.add(nameOf(entry));
    const before = last.get(entry.key) ?? 0;
    last.set(entry.key, entry.number);
    return entry.number > before ? [] : [`${nameOf(entry)} ended after ${before} of its key`];
  });
}

function ranEarly(journal: readonly Entry[], requests: readonly Request[]): string[] {
  const times = new Map(requests.map((request) => [nameOf(request), request.notBefore]));
  return begins(journal).flatMap((entry) => {
    const early = (times.get(nameOf(entry)) ?? 0) - entry.at;
    return early > 0 ? [`${entry.id} ran ${early} ms before it was due`] : [];
  });
}

/** Once an outcome is known nothing runs again, neither the request nor what its handler had called. */
function ranAfterTheEnd(journal: readonly Entry[], requests: readonly Request[]): string[] {
  const endedAt = new Map<string, number>();
  for (const request of requests) {
    const { key, number, ended } = request;
    if (ended !== undefined) {
      endedAt.set(nameOf(request), ended.at);
      endedAt.set(nameOf({ key: `${key}/called`, number }), ended.at);
    }
  }
  return begins(journal).flatMap((entry) => {
    const at = endedAt.get(nameOf(entry));
    return at !== undefined && entry.at > at
      ? [`${entry.id} ran again ${entry.at - at} ms after its outcome was known`]
      : [];
  });
}

function begins(journal: readonly Entry[]): readonly (Entry & { readonly kind: "begin" })[] {
  return journal.filter((entry) => entry.kind === "begin");
}
