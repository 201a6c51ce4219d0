import { create, type Message, toJson } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { InvocationSchema } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { attachTo, getInvocation, outputOf } from "../../client/outcome.ts";
import { connected, ingressServer } from "../connection.ts";
import { stateName } from "../invocations/text.ts";
import { UsageError } from "../usage-error.ts";
import { type FoundMethod, findMethod } from "./find-method.ts";
import { printMessage } from "./print-message.ts";

/** The options of `restate-connect attach` and `output`. */
export interface OutcomeOptions {
  readonly url: string;
  /** ms. */
  readonly timeout?: number | undefined;
  readonly json?: true | undefined;
}

/**
 * Waits for the result of an invocation and prints it as JSON.
 *
 * @throws UsageError with the error of the invocation, or when the server does not know the invocation.
 */
export async function attach(id: string, options: OutcomeOptions): Promise<void> {
  const { timeout: timeoutMs } = options;
  await printOutcome(id, options, (transport, { method }) =>
    attachTo(transport, { id }, method.output, timeoutMs === undefined ? {} : { timeoutMs }),
  );
}

/**
 * Prints the result of an invocation as JSON, if there is a result.
 *
 * @throws UsageError as {@link attach} does, and while the invocation has not ended.
 */
export async function output(id: string, options: OutcomeOptions): Promise<void> {
  await printOutcome(id, options, async (transport, { method }) => {
    const message = await outputOf(transport, { id }, method.output, {});
    if (message === undefined) {
      const { state } = (await getInvocation(transport, { id }, {})) ?? create(InvocationSchema);
      throw new UsageError(`${id} has no result yet: its state is ${stateName(state)}. To wait, use attach`);
    }
    return message;
  });
}

async function printOutcome(
  id: string,
  { url, json }: OutcomeOptions,
  read: (transport: Transport, found: FoundMethod) => Promise<Message>,
): Promise<void> {
  const result = await connected(url, ingressServer, async (transport) => {
    const { service, method } = await getInvocation(transport, { id }, {});
    const found = await findMethod(url, `${service}/${method}`);
    const message = await read(transport, found);
    return toJson(found.method.output, message, { registry: found.registry, alwaysEmitImplicit: true });
  });
  printMessage(result, json);
}
