// Connect-ES's own server for Node: connect-node.ts HTTP-VERSION
import { createServer as createHttp1 } from "node:http";
import { createServer as createHttp2 } from "node:http2";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { announce } from "../measure/announce.ts";
import { listen } from "./listen.ts";

const handler = connectNodeAdapter({
  routes: (router) => {
    router.service(Greeter, { greet: ({ name }) => ({ greeting: `Hello ${name}` }) });
  },
});
const server = process.argv[2] === "2" ? createHttp2(handler) : createHttp1({ keepAliveTimeout: 0 }, handler);
announce({ url: await listen(server) });
