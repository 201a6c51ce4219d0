/**
 * The URL by which a page on `hostname` reaches the ingress. A loopback name in the URL stands for the server's
 * machine, which the page knows by the name in its own address.
 */
export function ingressUrlFor(ingressUrl: string, hostname: string): string {
  const url = new URL(ingressUrl);
  if (["localhost", "127.0.0.1", "[::1]"].includes(url.hostname)) {
    url.hostname = hostname;
  }
  return url.origin;
}
