import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import {
  type DescMethodUnary,
  type DescService,
  fromJson,
  type JsonValue,
  type Message,
  type Registry,
} from "@bufbuild/protobuf";
import { keyField } from "../../model/key-field.ts";
import { serviceKind } from "../../model/service-kind.ts";
import { targetOf } from "../../model/target.ts";
import { objectKeyHeaders } from "../../wire/object-key.ts";
import { oneLine, UsageError } from "../usage-error.ts";

/** A request message, and the headers that go with it. */
export interface CommandRequest {
  readonly message: Message;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the command line says about a request. */
export interface RequestArguments {
  /** JSON, `@file`, or `-` for standard input. */
  readonly request: string;
  readonly key?: string | undefined;
  /** `name: value` each. */
  readonly header?: readonly string[] | undefined;
}

/**
 * Makes the request of a method.
 *
 * @throws UsageError when the file, the JSON, the key or a header cannot be used.
 */
export async function readRequest(
  method: DescMethodUnary,
  registry: Registry,
  { request, key, header = [] }: RequestArguments,
): Promise<CommandRequest> {
  const headers = Object.fromEntries(header.map(readHeader));
  const objectKey = keyInHeaders(method.parent, key);
  const json = await readText(request);
  try {
    const value: JsonValue = JSON.parse(json);
    const message = fromJson(
      method.input,
      objectKey === undefined ? withKeyField(method, value, key) : value,
      {
        registry,
      },
    );
    targetOf(method, message, objectKey);
    return { message, headers: { ...headers, ...objectKeyHeaders(objectKey) } };
  } catch (cause) {
    throw new UsageError(`the request is not a valid ${method.input.typeName}: ${oneLine(cause)}`, { cause });
  }
}

async function readText(request: string): Promise<string> {
  if (request === "-") {
    return await text(process.stdin);
  }
  if (!request.startsWith("@")) {
    return request;
  }
  try {
    return await readFile(request.slice(1), "utf8");
  } catch (cause) {
    throw new UsageError(`cannot read the request from ${request.slice(1)}: ${oneLine(cause)}`, { cause });
  }
}

function readHeader(header: string): readonly [name: string, value: string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(header) ?? [];
  if (name === undefined || value === undefined) {
    throw new UsageError(`--header must be "name: value", not ${JSON.stringify(header)}`);
  }
  return [name.toLowerCase(), value];
}

/**
 * The key that travels in a header, for services whose requests have no KEY field.
 *
 * @throws UsageError if the key is missing, or the service has no keys.
 */
function keyInHeaders(service: DescService, key: string | undefined): string | undefined {
  switch (serviceKind(service)) {
    case "object":
    case "workflow":
      if (key === undefined || key === "") {
        throw new UsageError(`${service.typeName} has an object for each key: name the object with --key`);
      }
      return key;
    case "keyed":
      return undefined;
    case "unkeyed":
    case "singleton":
      if (key !== undefined) {
        throw new UsageError(`${service.typeName} has no keys: leave out --key`);
      }
      return undefined;
  }
}

function withKeyField(method: DescMethodUnary, request: JsonValue, key: string | undefined): JsonValue {
  return key !== undefined && typeof request === "object" && request !== null && !Array.isArray(request)
    ? { ...request, [keyField(method.input).jsonName]: key }
    : request;
}
