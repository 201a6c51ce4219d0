import { ConnectError } from "@connectrpc/connect";
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from "@connectrpc/connect-node";
import type { HeaderList } from "../model/outcome.ts";
import { nodeHeaders } from "./http/headers.ts";
import { cutOff, type NodeRequest, type NodeResponse } from "./http/node.ts";
import type { UniversalRoute } from "./route.ts";

/** Lets Connect-ES answer, with headers of ours. A caller that leaves a stream early is no error. */
export async function answerUniversal(
  { handle }: UniversalRoute,
  request: NodeRequest,
  response: NodeResponse,
  headers: HeaderList,
): Promise<void> {
  for (const [name, value] of Object.entries(nodeHeaders(headers))) {
    response.setHeader(name, value);
  }
  const universal = universalRequestFromNodeRequest(request, response, undefined, undefined);
  try {
    await universalResponseToNodeResponse(await handle(universal), response);
  } catch (reason) {
    if (!(reason instanceof ConnectError)) {
      throw reason;
    }
    cutOff(request);
  }
}
