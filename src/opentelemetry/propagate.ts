import { type Context, propagation, ROOT_CONTEXT } from "@opentelemetry/api";
import type { HeaderList } from "../model/outcome.ts";
import type { ReadHeader } from "../model/tracing.ts";

/**
 * A request header next to the context of a one-way invocation, with the value `link`: its execution begins a trace of
 * its own, with a link to that context.
 */
export const relationHeader = "restate-connect-trace";

/** Reads a context from headers, with the propagator that the application has set: W3C's unless it chose another. */
export function readContext(header: ReadHeader): Context {
  return propagation.extract(ROOT_CONTEXT, header, {
    get: (read, name) => read(name) ?? undefined,
    keys: () => propagation.fields(),
  });
}

/** The headers that carry a context. None if it has no span. */
export function contextHeaders(context: Context, kind: "call" | "send"): HeaderList {
  const list: [string, string][] = [];
  propagation.inject(context, list, {
    set: (headers, name, value) => headers.push([name.toLowerCase(), value]),
  });
  return kind === "send" && list.length > 0 ? [...list, [relationHeader, "link"]] : list;
}

/** Headers with this context in place of the one that they have. */
export function withContext(context: Context, headers: HeaderList, kind: "call" | "send"): HeaderList {
  const replaced = new Set([...propagation.fields(), relationHeader]);
  return [...headers.filter(([name]) => !replaced.has(name)), ...contextHeaders(context, kind)];
}
