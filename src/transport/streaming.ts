import type { Registry } from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { timerMs } from "../http/timer.ts";
import { callerHeaders } from "../wire/caller-headers.ts";
import { isFramingHeader } from "../wire/protocol-headers.ts";
import { loadOnce } from "./lazy-transport.ts";
import type { CommonTransportOptions } from "./options.ts";
import { loadInterceptors } from "./with-interceptors.ts";

/**
 * The streaming half of a Connect transport, which is Connect-ES's own: Restate's services have no streams,
 * but reflection and health have. It is loaded when the first stream is asked for.
 */
export function streamingHalf(
  { defaultTimeoutMs }: CommonTransportOptions,
  load: () => Promise<Transport>,
): Pick<Transport, "stream"> {
  const get = loadOnce(load);
  return {
    async stream(method, signal, timeoutMs = defaultTimeoutMs, header, input, contextValues) {
      const transport = await get();
      return await transport.stream(
        method,
        signal,
        timerMs(timeoutMs),
        callerHeaders(header),
        input,
        contextValues,
      );
    },
  };
}

/** The options that Connect-ES's transports share. */
export interface ConnectEsOptions {
  readonly baseUrl: string;
  readonly useBinaryFormat: boolean;
  readonly interceptors: Interceptor[];
  readonly jsonOptions: { readonly registry?: Registry };
}

/** Translates the options of our transports into those of Connect-ES's transports. */
export async function connectEsOptions(options: CommonTransportOptions): Promise<ConnectEsOptions> {
  const { baseUrl, format, registry } = options;
  return {
    baseUrl,
    useBinaryFormat: format !== "json",
    interceptors: [...(await loadInterceptors(options)), explainFailures, keepFraming],
    jsonOptions: registry === undefined ? {} : { registry },
  };
}

const explainFailures: Interceptor = (next) => async (request) => {
  try {
    return await next(request);
  } catch (reason) {
    if (request.signal.aborted) {
      throw reason;
    }
    const { lostConnection } = await import("../http/lost-connection.ts");
    throw lostConnection(request.url, reason);
  }
};

/** Takes headers away that interceptors gave and that frame or address the message: they are the transport's. */
const keepFraming: Interceptor = (next) => (request) => {
  for (const name of [...request.header.keys()].filter(isFramingHeader)) {
    request.header.delete(name);
  }
  return next(request);
};
