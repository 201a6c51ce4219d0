import {
  Code,
  ConnectError,
  type Interceptor,
  type UnaryRequest,
  type UnaryResponse,
} from "@connectrpc/connect";
import type { Wait } from "../../http/http.ts";
import { startTimer } from "../../http/timer.ts";
import { spreadable } from "../lazy-response.ts";

/**
 * Runs a unary call through interceptors, the first one outermost. The request's signal aborts as that of
 * Connect-ES does: when the caller's does, when the time is over, and when the call has ended.
 *
 * @throws ConnectError the error that an interceptor, or the call, threw
 */
export async function intercept(
  interceptors: readonly Interceptor[],
  request: Omit<UnaryRequest, "signal">,
  { signal, limit }: Wait,
  call: (request: UnaryRequest) => Promise<UnaryResponse>,
): Promise<UnaryResponse> {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal?.reason);
  const timer = limit && startTimer(limit.ms, () => controller.abort(limit.error()));
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted) {
    onAbort();
  }
  try {
    const innermost: Call = async (intercepted) => spreadable(await call(intercepted));
    const response = await chain(interceptors, innermost)({ ...request, signal: controller.signal });
    controller.abort();
    return response;
  } catch (reason) {
    const error = failureOf(reason, controller.signal);
    controller.abort(error);
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

/** The error of a call that failed: the signal's reason once that has aborted, for `fetch` throws its own. */
export function failureOf(reason: unknown, signal: AbortSignal | undefined): ConnectError {
  return signal?.aborted ? ConnectError.from(signal.reason, Code.Canceled) : ConnectError.from(reason);
}

type Call = (request: UnaryRequest) => Promise<UnaryResponse>;

function chain(interceptors: readonly Interceptor[], call: Call): Call {
  // An interceptor passes on the kind of request and response that it got: unary ones.
  return interceptors.reduceRight((next, interceptor) => interceptor(next as never) as Call, call);
}
