import type { Registry } from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { lostConnection } from "../http/lost-connection.ts";
import { type CommonTransportOptions, interceptorsOf } from "./options.ts";

/**
 * The streaming half of a Connect transport, which is Connect-ES's own: Restate's services have no streams,
 * but reflection and health have. It is loaded when the first stream is asked for.
 */
export function streamingHalf(load: () => Promise<Transport>): Pick<Transport, "stream"> {
  let loaded: Promise<Transport> | undefined;
  return {
    async stream(...call) {
      loaded ??= load();
      return (await loaded).stream(...call);
    },
  };
}

/** The options that Connect-ES's transports share. */
export interface ConnectEsOptions {
  readonly baseUrl: string;
  readonly useBinaryFormat: boolean;
  readonly interceptors: Interceptor[];
  readonly jsonOptions?: { readonly registry: Registry };
  readonly defaultTimeoutMs?: number;
}

/** Translates the options of our transports into those of Connect-ES's transports. */
export function connectEsOptions(options: CommonTransportOptions): ConnectEsOptions {
  const { baseUrl, format, registry, defaultTimeoutMs } = options;
  return {
    baseUrl,
    useBinaryFormat: format !== "json",
    interceptors: [...interceptorsOf(options), explainFailures],
    ...(registry === undefined ? {} : { jsonOptions: { registry } }),
    ...(defaultTimeoutMs === undefined ? {} : { defaultTimeoutMs }),
  };
}

const explainFailures: Interceptor = (next) => async (request) => {
  try {
    return await next(request);
  } catch (reason) {
    throw request.signal.aborted ? reason : lostConnection(request.url, reason);
  }
};
