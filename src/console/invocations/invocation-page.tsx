import { timestampDate } from "@bufbuild/protobuf/wkt";
import { useQuery } from "@tanstack/preact-query";
import type { InspectInvocationResponse } from "../../../generated/restateconnect/v1/admin_pb.ts";
import { linkTo } from "../route.ts";
import { admin, useServer } from "../server.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { formatDuration } from "../ui/format.ts";
import { ErrorNote, Loading } from "../ui/notes.tsx";
import { ServiceName } from "../ui/service-name.tsx";
import { Time } from "../ui/time.tsx";
import { InvocationActions } from "./invocation-actions.tsx";
import { InvocationPayloads } from "./invocation-payloads.tsx";
import { Relations } from "./relations.tsx";
import { StateBadge } from "./state-badge.tsx";
import { Timeline } from "./timeline.tsx";

/** Everything that is known of one invocation. It is followed until it completes. */
export function InvocationPage({ id }: { readonly id: string }) {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["invocation", id],
    queryFn: async ({ signal }) => ({
      details: await admin.inspectInvocation({ id }, { signal }),
      now: Date.now(),
    }),
    refetchInterval: ({ state }) =>
      state.data?.details.invocation?.completedAt === undefined && state.error === null ? 1_000 : false,
  });
  const { data: server } = useServer();
  if (isPending) {
    return <Loading what="the invocation" />;
  }
  const invocation = data?.details.invocation;
  if (data === undefined || invocation === undefined) {
    return (
      <>
        <Crumbs />
        <h1 class="mono">{id}</h1>
        <ErrorNote
          error={error ?? new Error("The server answered without the invocation")}
          retry={() => void refetch()}
        />
      </>
    );
  }
  const { service, method, key, state } = invocation;
  return (
    <>
      <div class="page-head">
        <Crumbs />
        <div class="row">
          <h1>
            <span>
              <ServiceName name={service} />/{method}
            </span>
            <StateBadge state={state} />
          </h1>
          <InvocationActions invocation={invocation} onEnded={() => void refetch()} />
        </div>
        <p class="id-line">
          <span class="mono wrap">{id}</span>
          <CopyButton what="Copy the id" text={id} />
        </p>
        {key === undefined || key === "" ? null : (
          <p>
            Key{" "}
            <a class="mono" href={linkTo(["invocations"], new URLSearchParams({ service, key }))}>
              {key}
            </a>
          </p>
        )}
      </div>
      {error === null ? null : <ErrorNote error={error} retry={() => void refetch()} />}
      <div class="details">
        <div class="column">
          <section class="card" aria-labelledby="timeline-title">
            <header>
              <h2 id="timeline-title">Time line</h2>
            </header>
            <Timeline details={data.details} />
            {server?.engine === "restate" ? (
              <p class="muted">
                Restate notes a failure once, however often it repeats, and forgets the number of attempts
                when the invocation completes.
              </p>
            ) : null}
          </section>
          <Facts details={data.details} now={data.now} />
          <Relations details={data.details} onChanged={() => void refetch()} />
        </div>
        <InvocationPayloads details={data.details} />
      </div>
    </>
  );
}

function Crumbs() {
  return (
    <p class="crumbs">
      <a href={linkTo(["invocations"])}>Invocations</a>
    </p>
  );
}

function Facts({ details, now }: { readonly details: InspectInvocationResponse; readonly now: number }) {
  const { createdAt, completedAt, nextAttemptAt, expiresAt, attempts = 0 } = details.invocation ?? {};
  const took =
    createdAt === undefined || completedAt === undefined
      ? undefined
      : timestampDate(completedAt).getTime() - timestampDate(createdAt).getTime();
  return (
    <section class="card" aria-label="Facts">
      <dl class="fact-list">
        {createdAt === undefined ? null : (
          <Fact name="Created">
            <Time at={timestampDate(createdAt)} now={now} />
          </Fact>
        )}
        {took === undefined ? null : <Fact name="Took">{formatDuration(took)}</Fact>}
        {nextAttemptAt === undefined ? null : (
          <Fact name="Due">
            <Time at={timestampDate(nextAttemptAt)} now={now} />
          </Fact>
        )}
        <Fact name="Attempts">{attempts}</Fact>
        {expiresAt === undefined ? null : (
          <Fact name="Outcome kept until">
            <Time at={timestampDate(expiresAt)} now={now} />
          </Fact>
        )}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
