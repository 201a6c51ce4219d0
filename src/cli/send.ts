import { parseArgs } from "node:util";
import { type DescMethod, fromJson, type JsonValue, type Message, toBinary } from "@bufbuild/protobuf";
import { Ingress } from "../../generated/dev/restate/services_pb.ts";
import { confirmsDelay } from "../client/delay.ts";
import { unary } from "../client/unary.ts";
import { keyField } from "../contract/key-field.ts";
import { serviceKind } from "../contract/service-kind.ts";
import { targetOf } from "../contract/target.ts";
import { restateHeaders } from "../wire/restate-headers.ts";
import type { Command } from "./command.ts";
import { connected } from "./connection.ts";
import { parseDuration } from "./duration.ts";
import { reflectService } from "./reflect.ts";
import { oneLine, UsageError } from "./usage-error.ts";

const help = `Usage: restate-connect send <Service/Method> [json] [options]

Sends a one-way invocation and prints its id, once the ingress holds it.
The request is checked against the service's descriptor, which the ingress gives by reflection.

  restate-connect send org.example.Greeter/Greet '{"name": "Pete"}'

Options:
  --url <url>               ingress (default http://127.0.0.1:8080)
  --key <key>               the object key of a KEYED service: fills the KEY field in
  --delay <time>            run this much later (1500ms, 10s, 5m, 2h, 1d)
  --idempotency-key <key>   send once, however often this is repeated
  --json                    JSON for scripts
  --help                    this text
`;

export const command: Command = { help, run: sendOneWay };

async function sendOneWay(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: "string", default: "http://127.0.0.1:8080" },
      key: { type: "string" },
      delay: { type: "string" },
      "idempotency-key": { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const [path = "", json = "{}", ...others] = positionals;
  const [service, name, ...rest] = path.replace(/^\//, "").split("/");
  if (service === undefined || service === "" || name === undefined || rest.length > 0 || others.length > 0) {
    throw new UsageError(
      `send takes a method and a request: restate-connect send org.example.Greeter/Greet '{"name": "Pete"}'`,
    );
  }
  const delayMs = values.delay === undefined ? 0 : parseDuration("--delay", values.delay);
  const idempotencyKey = values["idempotency-key"];
  const sent = await connected(values.url, async (transport) => {
    const method = await findMethod(values.url, service, name);
    const request = readRequest(method, json, values.key);
    const { message, header } = await unary(
      transport,
      Ingress.method.invoke,
      { service, method: method.name, argument: { case: "pb", value: toBinary(method.input, request) } },
      idempotencyKey === undefined ? {} : { idempotencyKey },
      delayMs === 0 ? undefined : { [restateHeaders.delay]: String(delayMs) },
    );
    if (delayMs !== 0 && !confirmsDelay(header)) {
      throw new UsageError(`${values.url} does not know delays and took ${message.id} to run at once`);
    }
    return {
      id: message.id,
      status: header.get(restateHeaders.sendStatus) ?? "accepted",
      executionTime: header.get(restateHeaders.executionTime),
    };
  });
  const due = sent.executionTime === null ? "" : `, due ${sent.executionTime}`;
  process.stdout.write(values.json ? `${JSON.stringify(sent)}\n` : `${sent.id} ${sent.status}${due}\n`);
  return 0;
}

async function findMethod(url: string, service: string, name: string): Promise<DescMethod> {
  const found = await reflectService(url, service);
  const method = found.methods.find((candidate) => candidate.name === name);
  if (method === undefined) {
    throw new UsageError(
      `${service} has no method ${name}: its methods are ${found.methods.map((m) => m.name).join(", ")}`,
    );
  }
  return method;
}

function readRequest(method: DescMethod, json: string, key: string | undefined): Message {
  try {
    const request = fromJson(method.input, withKey(method, JSON.parse(json), key));
    targetOf(method, request);
    return request;
  } catch (reason) {
    if (reason instanceof UsageError) {
      throw reason;
    }
    throw new UsageError(`the request is no ${method.input.typeName}: ${oneLine(reason)}`, { cause: reason });
  }
}

function withKey(method: DescMethod, request: JsonValue, key: string | undefined): JsonValue {
  if (key === undefined) {
    return request;
  }
  if (serviceKind(method.parent) !== "keyed") {
    throw new UsageError(`${method.parent.typeName} is not KEYED: leave --key out`);
  }
  return typeof request === "object" && request !== null && !Array.isArray(request)
    ? { ...request, [keyField(method.input).jsonName]: key }
    : request;
}
