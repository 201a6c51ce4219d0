import { toBinary } from "@bufbuild/protobuf";
import { Ingress } from "../../../generated/dev/restate/services_pb.ts";
import { confirmsDelay } from "../../client/send.ts";
import { unary } from "../../client/unary.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import { connected, ingressServer } from "../connection.ts";
import { UsageError } from "../usage-error.ts";
import { findMethod } from "./find-method.ts";
import { type RequestArguments, readRequest } from "./read-request.ts";

/** The options of `restate-connect send`. */
export interface SendOptions extends Omit<RequestArguments, "request"> {
  readonly url: string;
  readonly idempotencyKey?: string | undefined;
  /** ms. */
  readonly delay?: number | undefined;
  readonly json?: true | undefined;
}

/**
 * Sends a one-way invocation and prints its id.
 *
 * @throws UsageError when the request is not valid or the server does not accept it.
 */
export async function send(path: string, request: string, options: SendOptions): Promise<void> {
  const { url, idempotencyKey, delay: delayMs = 0 } = options;
  const sent = await connected(url, ingressServer, async (transport) => {
    const { method, registry } = await findMethod(url, path);
    const { message: input, headers } = await readRequest(method, registry, { ...options, request });
    const { message, header } = await unary(
      transport,
      Ingress.method.invoke,
      {
        service: method.parent.typeName,
        method: method.name,
        argument: { case: "pb", value: toBinary(method.input, input) },
      },
      { timeoutMs: 30_000, idempotencyKey },
      delayMs === 0 ? headers : { ...headers, [restateHeaders.delay]: String(delayMs) },
    );
    if (delayMs !== 0 && !confirmsDelay(header)) {
      throw new UsageError(`${url} does not support delays: it accepted ${message.id} to run at once`);
    }
    return {
      id: message.id,
      status: header.get(restateHeaders.sendStatus) ?? "accepted",
      executionTime: header.get(restateHeaders.executionTime),
    };
  });
  const due = sent.executionTime === null ? "" : `, due ${sent.executionTime}`;
  process.stdout.write(options.json ? `${JSON.stringify(sent)}\n` : `${sent.id} ${sent.status}${due}\n`);
}
