import { keepPreviousData, useQuery } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import { linkTo, type Route } from "../route.ts";
import { admin } from "../server.ts";
import { Icon } from "../ui/icon.tsx";
import { EmptyNote, ErrorNote, Loading } from "../ui/notes.tsx";
import { ResolveAwakeableButton } from "./awakeable-dialog.tsx";
import { EndMatching } from "./end-matching.tsx";
import { type Filter, filterFrom, filterMessage, filterParameters } from "./filter.ts";
import { FilterBar } from "./filter-bar.tsx";
import { InvocationTable } from "./invocation-table.tsx";
import { liveInterval } from "./live-interval.ts";
import { useCounts } from "./use-counts.ts";

const pageSize = 100;

/** The invocations that a filter matches, page by page. The first page follows what happens. */
export function InvocationsPage({ route: { parameters } }: { readonly route: Route }) {
  const filter = filterFrom(parameters);
  const pageToken = parameters.get("after") ?? "";
  const [isFollowing, setFollowing] = useState(true);
  const isLive = isFollowing && pageToken === "";
  const counts = useCounts(filter.service, isLive);
  const page = useQuery({
    queryKey: ["invocations", filterParameters(filter).toString(), pageToken],
    queryFn: async ({ signal }) => {
      const begun = performance.now();
      const answer = await admin.listInvocations(
        { ...filterMessage(filter), pageSize, pageToken },
        { signal },
      );
      return { ...answer, durationMs: performance.now() - begun, now: Date.now() };
    },
    refetchInterval: (query) => liveInterval(isLive, query.state.data?.durationMs),
    placeholderData: keepPreviousData,
  });

  const change = (part: Partial<Filter>): void => {
    window.location.hash = linkTo(["invocations"], filterParameters({ ...filter, ...part }));
  };
  const next = filterParameters(filter);
  next.set("after", page.data?.nextPageToken ?? "");
  return (
    <>
      <div class="page-head row">
        <h1>Invocations</h1>
        <div class="end">
          <button
            type="button"
            aria-pressed={isFollowing}
            disabled={pageToken !== ""}
            onClick={() => setFollowing(!isFollowing)}
          >
            <Icon name={isFollowing ? "pause" : "play"} />
            <span>{isFollowing ? "Live" : "Paused"}</span>
          </button>
          <ResolveAwakeableButton />
        </div>
      </div>
      <FilterBar filter={filter} counts={counts} onChange={change} />
      {filter.invokedBy === "" ? null : (
        <p class="hint">
          Invoked by the handler of{" "}
          <a class="mono" href={linkTo(["invocations", filter.invokedBy])}>
            {filter.invokedBy}
          </a>{" "}
          <button type="button" class="quiet" onClick={() => change({ invokedBy: "" })}>
            Show all
          </button>
        </p>
      )}
      {page.isError ? <ErrorNote error={page.error} retry={() => void page.refetch()} /> : null}
      {page.data === undefined ? (
        page.isPending ? (
          <Loading what="the invocations" />
        ) : null
      ) : page.data.invocations.length === 0 && page.data.nextPageToken === "" ? (
        <EmptyNote title="No invocations">
          {next.size > 1
            ? "None matches the filter."
            : "Durable invocations appear here: sends, and calls with an idempotency key."}
        </EmptyNote>
      ) : (
        <>
          <InvocationTable
            invocations={page.data.invocations}
            now={page.data.now}
            oldestFirst={filter.oldestFirst}
            onSort={() => change({ oldestFirst: !filter.oldestFirst })}
          />
          <nav class="pager" aria-label="Pages">
            {pageToken === "" ? null : (
              <a class="button" href={linkTo(["invocations"], filterParameters(filter))}>
                First page
              </a>
            )}
            {page.data.nextPageToken === "" ? (
              <span class="muted">That is all.</span>
            ) : (
              <a class="button" href={linkTo(["invocations"], next)}>
                {page.data.invocations.length < pageSize ? "Look further" : "Next page"}
              </a>
            )}
          </nav>
        </>
      )}
      <EndMatching filter={filter} onEnded={() => void page.refetch()} />
    </>
  );
}
