const maxCount = 99_999_999;

/** gRPC's header for a deadline: at most eight digits and a unit. Undefined beyond three years of seconds. */
export function grpcTimeout(timeoutMs: number): { readonly "grpc-timeout": string } | undefined {
  const ms = Math.ceil(timeoutMs);
  const seconds = Math.ceil(timeoutMs / 1_000);
  if (ms <= maxCount) {
    return { "grpc-timeout": `${ms}m` };
  }
  return seconds <= maxCount ? { "grpc-timeout": `${seconds}S` } : undefined;
}
