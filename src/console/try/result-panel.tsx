import type { DescMethodUnary } from "@bufbuild/protobuf";
import { linkTo } from "../route.ts";
import type { Server } from "../server.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { formatBytes, formatDuration } from "../ui/format.ts";
import { HeaderTable } from "../ui/header-table.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { ErrorView } from "./error-view.tsx";
import type { TryResult } from "./run-request.ts";

interface ResultPanelProps {
  readonly method: DescMethodUnary;
  readonly result: TryResult | undefined;
  readonly isRunning: boolean;
  readonly server: Server;
}

/** What came back. */
export function ResultPanel({ method, result, isRunning, server }: ResultPanelProps) {
  return (
    <section class="card" aria-labelledby="response-title" aria-busy={isRunning}>
      <header>
        <h2 id="response-title">Response</h2>
        <span class="muted mono">{method.output.typeName}</span>
      </header>
      {isRunning ? (
        <p class="muted" role="status">
          Waiting for the answer…
        </p>
      ) : null}
      {result === undefined ? (
        isRunning ? null : (
          <p class="muted">The answer appears here, with its headers, trailers, time and size.</p>
        )
      ) : (
        <Result result={result} server={server} />
      )}
    </section>
  );
}

function Result({ result, server }: { readonly result: TryResult; readonly server: Server }) {
  const { error, text, status, headers, trailers, durationMs, bytes, invocationId } = result;
  return (
    <>
      <ul class="facts" aria-label="Result" aria-live="polite">
        <li>
          {error === undefined ? (
            <span class="state succeeded">ok</span>
          ) : (
            <span class="state failed">error</span>
          )}
        </li>
        {status === undefined ? null : <li>HTTP {status}</li>}
        <li>{formatDuration(durationMs)}</li>
        <li>{formatBytes(bytes)}</li>
        {invocationId === undefined ? null : (
          <li>
            <a class="mono" href={linkTo(["invocations", invocationId])}>
              {invocationId}
            </a>
          </li>
        )}
      </ul>
      {error === undefined ? (
        <div class="with-copy">
          <JsonView text={text} label="Response message" />
          <CopyButton what="Copy" text={text} />
        </div>
      ) : (
        <ErrorView error={error} registry={server.registry} />
      )}
      <HeaderTable title="Headers" list={headers} />
      <HeaderTable title="Trailers" list={trailers} />
    </>
  );
}
