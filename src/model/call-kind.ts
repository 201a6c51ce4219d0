import type { DescMethod } from "@bufbuild/protobuf";

/** The method that sends one-way invocations. By name: a page that sends nothing needs no descriptor of it. */
const invoke = { service: "dev.restate.Ingress", method: "Invoke" };

/** Whether a request of this method is a call, or sends a one-way invocation. */
export function callKind({ parent, name }: DescMethod): "call" | "send" {
  return name === invoke.method && parent.typeName === invoke.service ? "send" : "call";
}
