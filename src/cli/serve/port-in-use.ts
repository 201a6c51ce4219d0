/** A port, and the option that sets it. */
export interface PortFlag {
  readonly flag: string;
  readonly port: number;
}

/** The message for a port that another process has, with the option to change; undefined for any other error. */
export function portInUse(ports: readonly PortFlag[], reason: unknown): string | undefined {
  const cause = systemError(reason);
  if (cause === undefined) {
    return undefined;
  }
  const flags = ports.filter(({ port }) => port === cause.port).map(({ flag }) => flag);
  return `cannot listen on ${cause.address}:${cause.port}: it is in use: stop what uses it, or choose another port with ${flags.join(" or ")} (0 takes any free one)`;
}

/** Node's error, or the one that it is the cause of. */
function systemError(reason: unknown): { readonly address: unknown; readonly port: unknown } | undefined {
  if (!(reason instanceof Error)) {
    return undefined;
  }
  return "code" in reason && reason.code === "EADDRINUSE" && "port" in reason && "address" in reason
    ? reason
    : systemError(reason.cause);
}
