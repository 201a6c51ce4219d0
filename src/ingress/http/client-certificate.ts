import type { Socket } from "node:net";
import { type PeerCertificate, TLSSocket } from "node:tls";

/** The certificate of the client of a connection, where the server asked for one. */
export function clientCertificate(socket: Socket | undefined): PeerCertificate | undefined {
  if (!(socket instanceof TLSSocket)) {
    return undefined;
  }
  const certificate = socket.getPeerCertificate();
  // Node has an empty object for none.
  return certificate.subject === undefined ? undefined : certificate;
}
