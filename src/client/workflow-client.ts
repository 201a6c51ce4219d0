import { create, type DescService } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { runMethod } from "../model/handler-kind.ts";
import { requireKey } from "../model/target.ts";
import { type ClientMethods, methodsOf, readArguments } from "./methods.ts";
import type { CallOptions, SubmitOptions } from "./options.ts";
import type { Reference } from "./outcome.ts";

/**
 * The client of one workflow: `submit`, `attach` and `output` for its run, and its other handlers as methods.
 *
 * @throws ConnectError `invalid_argument` when the id is empty.
 */
export function workflowClient(service: DescService, transport: Transport, id: string): ClientMethods {
  requireKey(id, `the argument of workflow() of ${service.typeName}`);
  const run = runMethod(service);
  const others = service.methods.filter((method) => method !== run);
  const reference: Reference = { workflow: { service: service.typeName, id } };
  return {
    ...methodsOf(others, transport, (method, request) => ({
      message: create(method.input, request),
      key: id,
    })),
    submit: async (...args: unknown[]) => {
      const { request, options } = readArguments<SubmitOptions>(run, args);
      const { send } = await import("./send.ts");
      return await send(transport, run, { message: create(run.input, request), key: id }, options);
    },
    attach: async (options?: CallOptions) => {
      const { attachTo, resultOf } = await import("./outcome.ts");
      return resultOf(run.output, await attachTo(transport, reference, run.output, options));
    },
    output: async (options?: CallOptions) => {
      const { outputOf } = await import("./outcome.ts");
      return await outputOf(transport, reference, run.output, options);
    },
  };
}
