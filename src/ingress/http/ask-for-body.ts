import type { NodeRequest, NodeResponse } from "./node.ts";

/** Asks for the body of a request, where a client waits to be asked (`Expect: 100-continue`). */
export function askForBody(request: NodeRequest, response: NodeResponse): void {
  if (request.headers.expect !== undefined) {
    response.writeContinue();
  }
}
