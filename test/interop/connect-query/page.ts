import { TransportProvider, useMutation, useQuery, useTransport } from "@connectrpc/connect-query";
import { QueryClient, QueryClientProvider, useMutation as useOwnMutation } from "@tanstack/react-query";
import { createElement, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { Counter } from "../../../generated/org/example/counter_pb.ts";
import { Greeter } from "../../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../../generated/org/example/greeter_restate.ts";
import { createTransport } from "../../../src/transport/web.ts";

Object.assign(globalThis, { start });

/** Renders the page against an ingress. */
function start(url: string): void {
  const transport = createTransport({ baseUrl: url });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const parts = [Greeting, Missing, Add, Send].map((part) => createElement(part, { key: part.name }));
  createRoot(document.querySelector("main") as HTMLElement).render(
    createElement(TransportProvider, { transport }, createElement(QueryClientProvider, { client }, parts)),
  );
}

function Greeting(): ReactNode {
  const { data, error } = useQuery(Greeter.method.greet, { name: "Pete" });
  return createElement("p", { id: "query" }, data?.greeting ?? error?.message ?? "…");
}

function Missing(): ReactNode {
  const { error } = useQuery(Greeter.method.greet, { name: "not found" });
  return createElement("p", { id: "error" }, error === null ? "…" : `${error.code} ${error.rawMessage}`);
}

function Add(): ReactNode {
  const { mutate, data } = useMutation(Counter.method.add);
  const onClick = () => mutate({ counter: "clicks", value: 2n });
  return createElement(
    "button",
    { type: "button", id: "mutation", onClick },
    `counter: ${data?.value ?? "…"}`,
  );
}

function Send(): ReactNode {
  const greeter = createGreeterClient(useTransport());
  const { mutate, data } = useOwnMutation({
    mutationFn: async (name: string) => {
      const invocation = await greeter.send.greet({ name });
      return `${invocation.id} ${(await invocation.attach()).greeting}`;
    },
  });
  return createElement("button", { type: "button", id: "send", onClick: () => mutate("Zoë") }, data ?? "…");
}
