import type { Transport } from "@connectrpc/connect";
import { timerMs } from "../wire/timer.ts";

/** The most that a header of each protocol can say: ten digits of ms, eight of seconds. */
const maxConnectMs = 9_999_999_999;
const maxGrpcSeconds = 99_999_999;

/**
 * Connect-ES gives each deadline to a timer, which takes one that it cannot hold (24.8 days) for 1 ms. Here
 * such a deadline goes to the server alone, or nowhere where its header cannot say it.
 *
 * @param defaultTimeoutMs for calls without one of their own, so that the transport itself needs no default
 */
export function longDeadlines(
  transport: Transport,
  protocol: "connect" | "grpc" | "grpc-web",
  defaultTimeoutMs: number | undefined,
): Transport {
  const headerOf = protocol === "connect" ? connectHeader : grpcHeader;
  const split = (timeoutMs: number | undefined, header: HeadersInit | undefined) => {
    const held = timerMs(timeoutMs);
    return [held, held === timeoutMs ? header : withHeader(header, headerOf(timeoutMs ?? 0))] as const;
  };
  return {
    unary: (method, signal, timeoutMs = defaultTimeoutMs, header, ...rest) =>
      transport.unary(method, signal, ...split(timeoutMs, header), ...rest),
    stream: (method, signal, timeoutMs = defaultTimeoutMs, header, ...rest) =>
      transport.stream(method, signal, ...split(timeoutMs, header), ...rest),
  };
}

type Header = readonly [name: string, value: string];

function connectHeader(ms: number): Header | undefined {
  return ms <= maxConnectMs ? ["connect-timeout-ms", String(Math.ceil(ms))] : undefined;
}

function grpcHeader(ms: number): Header | undefined {
  const seconds = Math.ceil(ms / 1_000);
  return seconds <= maxGrpcSeconds ? ["grpc-timeout", `${seconds}S`] : undefined;
}

function withHeader(given: HeadersInit | undefined, header: Header | undefined): HeadersInit | undefined {
  if (header === undefined) {
    return given;
  }
  const headers = new Headers(given);
  headers.set(...header);
  return headers;
}
