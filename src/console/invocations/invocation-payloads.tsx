import { Code, ConnectError } from "@connectrpc/connect";
import { codeFromString } from "@connectrpc/connect/protocol-connect";
import type {
  Header,
  InspectInvocationResponse,
  InvocationError,
} from "../../../generated/restateconnect/v1/admin_pb.ts";
import { type Server, useServer } from "../server.ts";
import { ErrorView } from "../try/error-view.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { HeaderTable } from "../ui/header-table.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { type Payload, readPayload } from "./payload.ts";

/** The request and the outcome of an invocation, read by the descriptors of its method. */
export function InvocationPayloads({ details }: { readonly details: InspectInvocationResponse }) {
  const { data: server } = useServer();
  const { invocation, request, requestHeaders, unknown } = details;
  if (server === undefined || invocation === undefined) {
    return null;
  }
  const method = server.services
    .find(({ typeName }) => typeName === invocation.service)
    ?.methods.find(({ name }) => name === invocation.method);
  return (
    <div class="column">
      <section class="card" aria-labelledby="request-title">
        <header>
          <h2 id="request-title">Request</h2>
          <span class="muted mono">{method?.input.typeName}</span>
        </header>
        {request === undefined ? (
          <p class="muted">
            The engine does not know the request{unknown.includes("request") ? "" : " any more"}.
          </p>
        ) : (
          <PayloadView
            label="Request message"
            payload={readPayload(request, method?.input, server.registry)}
          />
        )}
        <HeaderTable title="Headers" list={pairs(requestHeaders)} />
      </section>
      <section class="card" aria-labelledby="outcome-title">
        <header>
          <h2 id="outcome-title">Outcome</h2>
          <span class="muted mono">{method?.output.typeName}</span>
        </header>
        <OutcomeView details={details} server={server} method={method} />
      </section>
    </div>
  );
}

interface OutcomeViewProps {
  readonly details: InspectInvocationResponse;
  readonly server: Server;
  readonly method: Server["services"][number]["methods"][number] | undefined;
}

function OutcomeView({ details, server, method }: OutcomeViewProps) {
  const { invocation, response, responseHeaders, responseTrailers, error } = details;
  if (error !== undefined) {
    return (
      <>
        <ErrorView error={connectError(error)} registry={server.registry} />
        <HeaderTable title="Metadata" list={pairs(error.metadata)} />
      </>
    );
  }
  if (response === undefined) {
    return (
      <p class="muted">
        {invocation?.completedAt === undefined
          ? "There is none yet."
          : "The engine does not keep it any more."}
      </p>
    );
  }
  return (
    <>
      <PayloadView
        label="Response message"
        payload={readPayload(response, method?.output, server.registry)}
      />
      <HeaderTable title="Headers" list={pairs(responseHeaders)} />
      <HeaderTable title="Trailers" list={pairs(responseTrailers)} />
    </>
  );
}

function PayloadView({
  label,
  payload: { text, remark },
}: {
  readonly label: string;
  readonly payload: Payload;
}) {
  return (
    <>
      {remark === undefined ? null : <p class="muted">{remark}</p>}
      {text === "" ? null : (
        <div class="with-copy">
          <JsonView text={text} label={label} />
          <CopyButton what="Copy" text={text} />
        </div>
      )}
    </>
  );
}

function connectError({ code, message, details }: InvocationError): ConnectError {
  const error = new ConnectError(message, codeFromString(code) ?? Code.Unknown);
  error.details = details.map(({ type, value }) => ({ type, value }));
  return error;
}

function pairs(headers: readonly Header[]): readonly (readonly [string, string])[] {
  return headers.map(({ name, value }) => [name, value]);
}
