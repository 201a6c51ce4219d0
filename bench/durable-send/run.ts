import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { InvokeRequestSchema, InvokeResponseSchema } from "../../generated/dev/restate/services_pb.ts";
import type { RunPart } from "../context.ts";
import { type Turn, takeTurns } from "../measure/take-turns.ts";
import { checkGreeting, exchange } from "../servers/check-answer.ts";
import { contentTypes, greetRequest, type WireRequest } from "../servers/greet-bytes.ts";
import { measureServer, noteGeneratorShare, warmUp } from "../servers/measure-server.ts";
import { type Server, startOurs } from "../servers/start.ts";
import { settle } from "./settle.ts";

const work = "Connect, Protobuf, HTTP/1.1, 64 in flight";
const connections = { httpVersion: "1.1", connections: 64, streams: 1 } as const;

/**
 * A send through HTTP, on disk before it is answered, next to a plain call. Each has a process of its own:
 * "accepted" ends with the answer, since its handlers never end; "accepted and run" ends with the outcome on disk.
 */
export const run: RunPart = async (context) => {
  await using started = new AsyncDisposableStack();
  const call = started.use(await startOurs(context));
  const accepting = started.use(await startOurs(context, ["held"]));
  const running = started.use(await startOurs(context));
  const greet = greetRequest("connect", "world");
  const send = sendRequest(greet.body);
  const answerBytes = await checkGreeting("ours", call.ready.url, {
    protocol: "connect",
    httpVersion: "1.1",
    name: "world",
  });
  const turn = async (
    contender: string,
    server: Server,
    request: WireRequest,
    size?: number,
  ): Promise<Turn> => {
    const load = { ...connections, request, answerBytes: size };
    context.progress(`warming up: ${contender}`);
    await warmUp(context, server, load);
    await settle(server);
    return {
      work,
      contender,
      measure: () => measureServer(context, server, load, { untilDone: () => settle(server) }),
    };
  };
  const turns = [
    await turn("plain call", call, greet, answerBytes),
    await turn("send, accepted", accepting, send, await checkSend(accepting, send)),
    await turn("send, accepted and run", running, send, await checkSend(running, send)),
  ];
  const measurements = await takeTurns(turns, context.rounds, context.progress);
  noteGeneratorShare(
    context,
    measurements.flatMap(({ figures }) => figures.generatorShare ?? []),
  );
  return measurements;
};

function sendRequest(message: Uint8Array): WireRequest {
  const invoke = create(InvokeRequestSchema, {
    service: "org.example.Greeter",
    method: "Greet",
    argument: { case: "pb", value: message },
  });
  return {
    path: "/dev.restate.Ingress/Invoke",
    headers: { "content-type": contentTypes.connect, "connect-protocol-version": "1" },
    body: Buffer.from(toBinary(InvokeRequestSchema, invoke)),
  };
}

/** Gives the size of the answer, which is an id. */
async function checkSend(server: Server, request: WireRequest): Promise<number> {
  const { status, body } = await exchange(server.ready.url, "1.1", request);
  if (status !== 200 || !fromBinary(InvokeResponseSchema, body).id.startsWith("inv_1")) {
    throw new Error(`a send was answered with HTTP ${status}: ${body}`);
  }
  return body.length;
}
