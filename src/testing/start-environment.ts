import { Code, ConnectError } from "@connectrpc/connect";
import { createSteppedEngine } from "../engine/embedded/stepped-engine.ts";
import type { Operations } from "../engine/engine.ts";
import { checkServices } from "../ingress/check-services.ts";
import { type IngressRoutes, ingressRoutes, otherPortOfIngress } from "../ingress/ingress-routes.ts";
import { resolveLimits } from "../ingress/limits.ts";
import { localTransport } from "../ingress/local-transport.ts";
import { serverMemory } from "../ingress/memory.ts";
import { type RequestHandler, requestHandler } from "../ingress/request-handler.ts";
import { routeTable } from "../ingress/routes.ts";
import { nameHint } from "../model/closest.ts";
import { type OptionNames, refuseUnknownOptions } from "../model/known-options.ts";
import { lineLogger } from "../model/line-logger.ts";
import type { Logger } from "../model/logger.ts";
import { bindService } from "../service/bind.ts";
import { createConnectTransport } from "../transport/web-connect.ts";
import type { TestEnvironment, TestEnvironmentOptions } from "./environment.ts";
import { memoryFetch } from "./memory-fetch.ts";
import { passTime } from "./pass-time.ts";
import { recordSends } from "./sends.ts";
import { WaitingCallers } from "./waiting-callers.ts";
import { withSends, withWaits } from "./watched-operations.ts";

const optionNames: OptionNames<TestEnvironmentOptions> = {
  services: 1,
  embedded: 1,
  now: 1,
  authenticate: 1,
  interceptors: 1,
  allowCancel: 1,
  limits: 1,
  logger: 1,
};

/** Starts the ingress and the engine of a test environment. */
export async function startEnvironment(options: TestEnvironmentOptions): Promise<TestEnvironment> {
  const { services, logger = lineLogger(), embedded = {}, now = new Date() } = options;
  refuseUnknownOptions("createTestEnvironment", options, optionNames, nameHint);
  const descriptors = services.map(({ desc }) => desc);
  checkServices(descriptors);
  const stepped = createSteppedEngine({ ...embedded, logger }, checkedTime(now));
  const { engine } = stepped;
  const closing = new AbortController();
  const routes = ingressRoutes(descriptors, closing.signal);
  const record = recordSends(descriptors);
  const recorded = (operations: Operations): Operations =>
    withSends(operations, (sent) => record.keep(sent, transport));
  const waiting = new WaitingCallers(stepped, logger);
  const operations = withWaits(recorded(engine), (change) => waiting.add(change));
  const memory = memoryFetch(ingressHandler({ ...options, logger }, routes, operations));
  const transport = createConnectTransport({ baseUrl: "http://test-environment", fetch: memory.fetch });

  const findForHandlers = routeTable(routes.forHandlers, otherPortOfIngress);
  await engine.start(
    services.map((one) => bindService(one, (attempt) => localTransport(findForHandlers, recorded(attempt)))),
  );
  // A request that is open and does not wait for an outcome is on its way to the engine, or back.
  const time = passTime(stepped, () => stepped.isIdle() && memory.openCount === waiting.count);
  const close = async () => {
    time.stop();
    waiting.forget();
    closing.abort(new ConnectError("the test environment is closing", Code.Unavailable));
    await engine.close({ drainMs: 0 });
  };
  return {
    transport,
    fetch: memory.fetch,
    sends: record.sends,
    ...time.members,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Epoch ms. @throws RangeError for an invalid date */
function checkedTime(now: Date): number {
  const time = now.getTime();
  if (Number.isNaN(time)) {
    throw new RangeError("option now of createTestEnvironment() is an invalid date: give a valid one");
  }
  return time;
}

/** Answers requests as the port of an ingress does. */
function ingressHandler(
  { logger, authenticate, ...options }: TestEnvironmentOptions & { readonly logger: Logger },
  routes: IngressRoutes,
  operations: Operations,
): RequestHandler {
  const limits = resolveLimits(options.limits);
  const { allowCancel = false, interceptors = [] } = options;
  // Health and reflection are left out: they stream, which needs a socket.
  const unary = routes
    .forNetwork({ limits, allowCancel, interceptors })
    .filter(({ kind }) => kind === "unary");
  return requestHandler({
    find: routeTable(unary, otherPortOfIngress),
    operations,
    limits,
    newMemory: serverMemory(limits),
    logger,
    authenticate,
  });
}
