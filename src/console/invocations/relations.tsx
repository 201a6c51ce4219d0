import { useQuery } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import type { InspectInvocationResponse } from "../../../generated/restateconnect/v1/admin_pb.ts";
import { linkTo } from "../route.ts";
import { admin } from "../server.ts";
import { AwakeableDialog } from "./awakeable-dialog.tsx";
import { StateBadge } from "./state-badge.tsx";

/** How many of the invocations that it made are shown. */
const shown = 20;

interface RelationsProps {
  readonly details: InspectInvocationResponse;
  readonly onChanged: () => void;
}

/** What an invocation waits for, who made it, and whom it made. */
export function Relations({ details, onChanged }: RelationsProps) {
  const { invocation, awakeables, waitsFor, unknown } = details;
  const id = invocation?.id ?? "";
  const children = useQuery({
    queryKey: ["children", id, invocation?.completedAt === undefined],
    queryFn: ({ signal }) =>
      admin.listInvocations({ invokedBy: id, oldestFirst: true, pageSize: shown }, { signal }),
  });
  const [awakeable, setAwakeable] = useState<string>();
  const isWaiting = awakeables.length + waitsFor.length > 0;
  return (
    <section class="card" aria-labelledby="relations-title">
      <header>
        <h2 id="relations-title">Relations</h2>
      </header>
      {isWaiting ? (
        <div>
          <h3>Waits for</h3>
          <ul class="relation-list">
            {awakeables.map((name) => (
              <li key={name}>
                <span>awakeable</span> <span class="mono wrap">{name}</span>
                <button type="button" onClick={() => setAwakeable(name)}>
                  Complete…
                </button>
              </li>
            ))}
            {waitsFor.map((name) => (
              <li key={name}>
                <InvocationLink id={name} />
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {unknown.includes("awakeables") && invocation?.completedAt === undefined ? (
        <p class="muted">
          The engine does not say which awakeables the handler waits for. Complete one by its id on the page
          of all invocations.
        </p>
      ) : null}
      <div>
        <h3>Invoked by</h3>
        {invocation?.invokedBy === undefined ? (
          <p class="muted">A caller of the ingress.</p>
        ) : (
          <InvocationLink id={invocation.invokedBy} />
        )}
      </div>
      <div>
        <h3>Invoked by its handler</h3>
        {children.data === undefined || children.data.invocations.length === 0 ? (
          <p class="muted">{children.isError ? children.error.message : "No durable invocations."}</p>
        ) : (
          <ul class="relation-list">
            {children.data.invocations.map((child) => (
              <li key={child.id}>
                <StateBadge state={child.state} />
                <span>
                  {child.service}/{child.method}
                </span>
                <InvocationLink id={child.id} />
              </li>
            ))}
          </ul>
        )}
        {children.data === undefined || children.data.nextPageToken === "" ? null : (
          <p>
            <a href={linkTo(["invocations"], new URLSearchParams({ "invoked-by": id }))}>Show all</a>
          </p>
        )}
      </div>
      {awakeable === undefined ? null : (
        <AwakeableDialog
          id={awakeable}
          onClose={() => {
            setAwakeable(undefined);
            onChanged();
          }}
        />
      )}
    </section>
  );
}

function InvocationLink({ id }: { readonly id: string }) {
  return (
    <a class="mono wrap" href={linkTo(["invocations", id])}>
      {id}
    </a>
  );
}
