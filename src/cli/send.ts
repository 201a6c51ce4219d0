import { parseArgs } from "node:util";
import {
  type DescMethod,
  type DescService,
  fromJson,
  type JsonValue,
  type Message,
  toBinary,
} from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { Ingress } from "../../generated/dev/restate/services_pb.ts";
import { confirmsDelay } from "../client/delay.ts";
import { unary } from "../client/unary.ts";
import { keyField } from "../model/key-field.ts";
import { restateHeaders } from "../model/restate-headers.ts";
import { serviceKind } from "../model/service-kind.ts";
import { targetOf } from "../model/target.ts";
import { objectKeyHeaders } from "../wire/object-key.ts";
import type { Command } from "./command.ts";
import { type Counterpart, connected } from "./connection.ts";
import { parseDuration } from "./duration.ts";
import { reflectService } from "./reflect.ts";
import { oneLine, UsageError } from "./usage-error.ts";

const help = `Usage: restate-connect send <Service/Method> [json] [options]

Sends a one-way invocation and prints its id, once the ingress holds it.
The request is checked against the service's descriptor, which the ingress gives by reflection.

  restate-connect send org.example.Greeter/Greet '{"name": "Pete"}'

Options:
  --url <url>               ingress (default http://127.0.0.1:8080)
  --key <key>               the object key: fills the KEY field of a KEYED service in, and names the
                            object of a VIRTUAL_OBJECT and the id of a WORKFLOW
  --delay <time>            run this much later (1500ms, 10s, 5m, 2h, 1d)
  --idempotency-key <key>   send once, however often this is repeated
  --json                    JSON for scripts
  --help                    this text
`;

export const command: Command = { help, run: sendOneWay };

const ingress: Counterpart = {
  doubtful: [Code.Unimplemented, Code.NotFound],
  hint: "--url takes the URL of an ingress that serves it: port 8080 unless told otherwise",
};

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
  const sent = await connected(values.url, ingress, async (transport) => {
    const method = await findMethod(values.url, service, name);
    const { request, headers } = readRequest(method, json, values.key);
    const { message, header } = await unary(
      transport,
      Ingress.method.invoke,
      { service, method: method.name, argument: { case: "pb", value: toBinary(method.input, request) } },
      idempotencyKey === undefined ? {} : { idempotencyKey },
      { ...headers, ...(delayMs === 0 ? {} : { [restateHeaders.delay]: String(delayMs) }) },
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

/** A request message, and the headers that name its object where the message does not. */
interface ReadRequest {
  readonly request: Message;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

function readRequest(method: DescMethod, json: string, key: string | undefined): ReadRequest {
  const beside = keyBeside(method.parent, key);
  try {
    const value: JsonValue = JSON.parse(json);
    const request = fromJson(method.input, beside === undefined ? withKey(method, value, key) : value);
    targetOf(method, request, beside);
    return { request, headers: objectKeyHeaders(beside) };
  } catch (reason) {
    throw new UsageError(`the request is no ${method.input.typeName}: ${oneLine(reason)}`, { cause: reason });
  }
}

/** The key that travels beside the request. @throws UsageError where the service has another one, or none. */
function keyBeside(service: DescService, key: string | undefined): string | undefined {
  switch (serviceKind(service)) {
    case "object":
    case "workflow":
      if (key === undefined || key === "") {
        throw new UsageError(`${service.typeName} has an object for each key: name one with --key`);
      }
      return key;
    case "keyed":
      return undefined;
    case "unkeyed":
    case "singleton":
      if (key !== undefined) {
        throw new UsageError(`${service.typeName} has no keys: leave --key out`);
      }
      return undefined;
  }
}

function withKey(method: DescMethod, request: JsonValue, key: string | undefined): JsonValue {
  return key !== undefined && typeof request === "object" && request !== null && !Array.isArray(request)
    ? { ...request, [keyField(method.input).jsonName]: key }
    : request;
}
