import type { Interceptor, Transport } from "@connectrpc/connect";
import { binaryFormat, type MessageFormat } from "../wire/message-format.ts";
import { lazyTransport } from "./lazy-transport.ts";
import type { CommonTransportOptions } from "./options.ts";
import { loadInterceptors } from "./with-interceptors.ts";

/** Parts of a transport that depend on its options. */
export interface TransportParts {
  readonly format: MessageFormat;
  readonly interceptors: readonly Interceptor[];
}

/** Makes a transport at once, or with the first call where the options ask for JSON or retries: those are loaded. */
export function withParts(
  options: CommonTransportOptions,
  make: (parts: TransportParts) => Transport,
): Transport {
  const { format, interceptors = [], retry = false } = options;
  return format === "json" || retry !== false
    ? lazyTransport(async () => make(await loadParts(options)))
    : make({ format: binaryFormat, interceptors });
}

/** The same where everything may be loaded. */
export async function loadParts(options: CommonTransportOptions): Promise<TransportParts> {
  return { format: await loadFormat(options), interceptors: await loadInterceptors(options) };
}

async function loadFormat({ format, registry }: CommonTransportOptions): Promise<MessageFormat> {
  if (format !== "json") {
    return binaryFormat;
  }
  const { jsonFormat } = await import("../wire/json-format.ts");
  return jsonFormat({ registry, unknownFields: "ignore" });
}
