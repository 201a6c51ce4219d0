import { startTimer } from "../../http/timer.ts";
import type { HeaderList } from "../../model/outcome.ts";
import type { HttpAnswer } from "../protocol/protocol.ts";
import { abandonRest } from "./abandon-rest.ts";
import { cutOff, isGone, type NodeRequest, type NodeResponse } from "./node.ts";
import { writeAnswer } from "./write-answer.ts";

/**
 * Sends a complete response. A client that takes longer than `timeoutMs` to read it is cut off; for one that has
 * gone, there is nothing to send and nothing to wait for.
 */
export function sendAnswer(
  request: NodeRequest,
  response: NodeResponse,
  answer: HttpAnswer,
  more: HeaderList,
  timeoutMs: number,
): void {
  if (isGone(response)) {
    return;
  }
  if (!request.complete && request.httpVersionMajor === 1 && request.headers.expect !== undefined) {
    // The client may keep its body back now, or send it: what follows on the connection could be either.
    response.setHeader("connection", "close");
  }
  writeAnswer(response, answer, more);
  abandonRest(request);
  const timer = startTimer(timeoutMs, () => {
    if (response.socket === null) {
      timer?.refresh(); // it waits for the answer to an earlier request of its connection
    } else {
      cutOff(request);
    }
  });
  response.once("close", () => clearTimeout(timer));
}
