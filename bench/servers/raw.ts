// What Node's HTTP can do: reads each request to its end, and answers with bytes made beforehand.
//   raw.ts HTTP-VERSION [LENGTH-OF-NAME] [as-restate]
import { createServer as createHttp1 } from "node:http";
import { createServer as createHttp2, type ServerHttp2Stream } from "node:http2";
import { announce } from "../measure/announce.ts";
import { contentTypes, greetResponse, type Protocol } from "./greet-bytes.ts";
import { listen } from "./listen.ts";

const [httpVersion, nameLength = "5", asRestate] = process.argv.slice(2);
const name = nameLength === "5" ? "world" : "x".repeat(Number(nameLength));
const answers = new Map(
  Object.entries(contentTypes).map(([protocol, type]) => [type, greetResponse(protocol as Protocol, name)]),
);
// Some clients say it this way.
answers.set("application/grpc", greetResponse("grpc", name));

const server =
  httpVersion === "2"
    ? createHttp2().on("stream", (stream, headers) => answerHttp2(stream, headers["content-type"] ?? ""))
    : createHttp1({ keepAliveTimeout: 0 }, (request, response) => {
        const type = request.headers["content-type"] ?? "";
        const body = answers.get(type);
        request.on("end", () => {
          response.writeHead(200, {
            "content-type": type,
            "content-length": body?.length ?? 0,
            // By this, clients know that they speak to a Restate server.
            ...(asRestate !== undefined && { "x-restate-id": "inv_1" }),
          });
          response.end(body);
        });
        request.resume();
      });

function answerHttp2(stream: ServerHttp2Stream, type: string): void {
  const hasTrailers = !type.includes("web") && type.startsWith("application/grpc");
  stream.on("error", () => undefined);
  stream.on("end", () => {
    if (stream.destroyed) {
      return; // The load ends within a request.
    }
    stream.respond({ ":status": 200, "content-type": type }, { waitForTrailers: hasTrailers });
    if (hasTrailers) {
      stream.on("wantTrailers", () => stream.destroyed || stream.sendTrailers({ "grpc-status": "0" }));
    }
    stream.end(answers.get(type));
  });
  stream.resume();
}

announce({ url: await listen(server) });
