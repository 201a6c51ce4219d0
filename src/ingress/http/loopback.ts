/** Whether a host name or address of a URL always means the machine of the client that uses it. */
export function isLoopbackName(hostname: string): boolean {
  const name = hostname.toLowerCase();
  return (
    name === "localhost" ||
    name.endsWith(".localhost") ||
    name === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(name)
  );
}

/** Whether a server that listens on this host hears this machine only. */
export function isLoopbackHost(host: string): boolean {
  return isLoopbackName(host.includes(":") ? `[${host}]` : host);
}
