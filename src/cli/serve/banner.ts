import { serviceKind } from "../../model/service-kind.ts";
import type { Service } from "../../service/service.ts";
import { type SampleRequest, sampleRequest } from "../request/sample-request.ts";

/** Where a started server is to be found. */
export interface ServedAt {
  readonly url: string;
  readonly adminUrl: string;
  /** Where the invocations are kept. */
  readonly place: string;
  readonly hasConsole: boolean;
}

/** The text to show when an ingress has started. Its commands work as they are. */
export function banner(services: readonly Service[], { url, adminUrl, place, hasConsole }: ServedAt): string {
  const shown = url.replace("127.0.0.1", "localhost");
  const adminShown = adminUrl.replace("127.0.0.1", "localhost");
  const list = services.map(({ desc }) => `${desc.typeName} (${serviceKind(desc)})`);
  const sample = sampleRequest(services.map(({ desc }) => desc));
  return `ingress   ${url}   Connect, gRPC and gRPC-web, HTTP/1.1 and HTTP/2
admin     ${adminUrl}   ${hasConsole ? "open it in a browser: the console; " : ""}/metrics, /health and /ready
data      ${place}
services  ${list.join("\n          ")}

${sample === undefined ? "" : samples(sample, shown, adminShown)}Look around:
  grpcurl ${shown.replace("http://", "-plaintext ").replace("https://", "")} describe

Press Ctrl-C to stop.
`;
}

function samples({ service, method, headers, json }: SampleRequest, url: string, adminUrl: string): string {
  const options = ["content-type: application/json", ...headers].map((header) => `-H '${header}'`).join(" ");
  return `Call it:
  curl -X POST ${url}/${service}/${method} ${options} -d '${json}'
Send it one way, or cancel what was sent by the id that came back:
  curl -X POST ${url}/dev.restate.Ingress/Invoke ${options} -d '{"service": "${service}", "method": "${method}", "payload": ${json}}'
  curl -X DELETE '${adminUrl}/invocations/<id>?mode=cancel'
`;
}
