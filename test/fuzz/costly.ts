import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { encodeFrame } from "../../src/wire/grpc-frame.ts";
import { http1, http2, type Question } from "../ingress/support.ts";
import type { Tormented } from "./tormented.ts";

/** A request that is made to cost as much as possible. */
interface CostlyRequest {
  readonly name: string;
  readonly path: string;
  readonly question: Question;
}

/** What one request cost. */
export interface RequestCost {
  readonly name: string;
  /** The longest block of the event loop, ms. */
  readonly blockMs: number;
  /** Memory that the process took, for each byte of the request and the response. */
  readonly memoryPerByte: number;
}

const place = "/org.example.Orders/Place";
const find = "/org.example.Orders/Find";
const attach = "/restateconnect.v1.Invocations/Attach";
const json = { "content-type": "application/json" };

/** Smaller requests take what the process takes for any of them. */
const smallest = 2 ** 20;

/**
 * Sends requests that are made to cost as much as possible, one after another.
 *
 * @param size about how many characters or bytes each one has
 */
export async function weighCostly(server: Tormented, size: number): Promise<readonly RequestCost[]> {
  const costs: RequestCost[] = [];
  for (const { name, path, question } of await costly(server.url, size)) {
    const { peak: before } = await server.cost();
    const ask = question.headers?.["content-type"]?.includes("grpc") ? http2 : http1;
    const { body } = await ask(server.url + path, question);
    const { blockMs, peak } = await server.cost();
    const sent = Math.max(Buffer.byteLength(question.body ?? ""), isCompressed(question) ? size : 0);
    const bytes = Math.max(smallest, sent + body.byteLength);
    costs.push({ name, blockMs, memoryPerByte: Math.max(0, peak - before) / bytes });
  }
  return costs;
}

/** What a compressed request holds counts, not what it is on the wire: that limit is one of its own. */
function isCompressed({ headers = {} }: Question): boolean {
  return headers["content-encoding"] !== undefined;
}

async function costly(url: string, size: number): Promise<readonly CostlyRequest[]> {
  const digits = "9".repeat(size);
  const post = (name: string, path: string, body: string | Uint8Array, headers = {}): CostlyRequest => ({
    name,
    path,
    question: { headers: { ...json, ...headers }, body },
  });
  const grpc = (name: string, path: string, data: Uint8Array): CostlyRequest =>
    post(name, path, encodeFrame({ flags: 0, data }), { "content-type": "application/grpc" });
  const large = await http1(url + place, {
    headers: { ...json, "idempotency-key": "costly" },
    body: JSON.stringify({ note: "n".repeat(size) }),
  });
  const id = large.headers["x-restate-id"] ?? "";
  const attachBody = JSON.stringify({ id });
  return [
    post("a well-formed message", place, JSON.stringify({ note: digits })),
    post("an int64 of many digits", find, `{"number":"${digits}"}`),
    post("an int64 of many digits, compressed", find, gzipSync(`{"number":"${digits}"}`), {
      "content-encoding": "gzip",
    }),
    post("a number of many digits", find, `{"number":${digits}}`),
    post("a key of many digits", place, `{"gifts":{"${digits}":{}}}`),
    post("a fixed64 in hexadecimal", place, `{"checksum":"0x${digits}"}`),
    post("bytes in base64", place, `{"signature":"${"A".repeat(size)}"}`),
    post("a field of a long name", place, `{"${digits}":1}`),
    post("many small objects", place, `{"lines":[${"{},".repeat(size / 64)}{}]}`),
    post("many escapes", place, `{"note":"${"\\u0041".repeat(size / 6)}"}`),
    post("many levels", place, `{"extra":${'{"a":'.repeat(size / 8)}`),
    post("an id of many characters", attach, `{"id":"${digits}"}`),
    post("a large outcome in JSON", attach, attachBody),
    post("a large outcome with brotli", attach, attachBody, { "accept-encoding": "br" }),
    grpc("a large outcome over gRPC", attach, Buffer.concat([Buffer.of(0x0a, id.length), Buffer.from(id)])),
    post("zeros in brotli", place, brotliCompressSync(Buffer.alloc(size), fast), {
      "content-encoding": "br",
    }),
  ];
}

const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } };
