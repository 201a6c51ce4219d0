/** The trace that a `traceparent` of W3C Trace Context names: 32 hexadecimal digits. Undefined: it names none. */
export function traceIdOf(traceparent: string | null | undefined): string | undefined {
  return traceparent === null || traceparent === undefined
    ? undefined
    : /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceparent)?.[1];
}
