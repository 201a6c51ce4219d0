/** The instrumentation scope of all our spans. */
export const tracerName = "restate-connect";
