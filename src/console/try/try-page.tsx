import type { DescMethodUnary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { useEffect, useRef, useState } from "preact/hooks";
import { unaryMethods } from "../../model/unary-methods.ts";
import { commentOf } from "../comments.ts";
import { linkTo } from "../route.ts";
import { type Server, useServer } from "../server.ts";
import { EmptyNote } from "../ui/notes.tsx";
import { ServiceName } from "../ui/service-name.tsx";
import { pastRequests, rememberRequest } from "./history.ts";
import { HistoryMenu } from "./history-menu.tsx";
import { JsonEditor } from "./json-editor.tsx";
import { messageShape } from "./json-shape.ts";
import { RequestOptions } from "./request-options.tsx";
import { ResultPanel } from "./result-panel.tsx";
import { runRequest, type TryResult } from "./run-request.ts";
import { sampleRequest } from "./sample.ts";
import { SnippetMenu } from "./snippet-menu.tsx";
import { emptyForm, requestMessage, type TryForm } from "./try-request.ts";

/** Calls or sends to a method, by hand. */
export function TryPage({ service, method }: { readonly service: string; readonly method: string }) {
  const { data: server } = useServer();
  const parent = server?.services.find(({ typeName }) => typeName === service);
  const found = parent && unaryMethods(parent).find(({ name }) => name === method);
  if (server === undefined || found === undefined) {
    return (
      <EmptyNote title={`The server has no method ${service}/${method}`}>
        <a href={linkTo(["services"])}>Look at the services that it has</a>
      </EmptyNote>
    );
  }
  return <TryMethod key={`${service}/${method}`} method={found} server={server} />;
}

interface TryMethodProps {
  readonly method: DescMethodUnary;
  readonly server: Server;
}

function TryMethod({ method, server }: TryMethodProps) {
  const service = method.parent.typeName;
  const [form, setForm] = useState(() => emptyForm(method, sampleRequest(method.input)));
  const [editorVersion, setEditorVersion] = useState(0);
  const [result, setResult] = useState<TryResult>();
  const running = useRef<AbortController>();
  const [isRunning, setRunning] = useState(false);
  useEffect(() => () => running.current?.abort(), []);

  async function run(): Promise<void> {
    if (running.current !== undefined) {
      return;
    }
    const controller = new AbortController();
    running.current = controller;
    setRunning(true);
    const ended = await runRequest(method, form, server, controller.signal);
    running.current = undefined;
    setRunning(false);
    setResult(ended);
    const code = ended.error === undefined ? "ok" : (Code[ended.error.code] ?? "Unknown");
    rememberRequest({ service, method: method.name, at: Date.now(), code, form });
  }
  function recall(past: TryForm): void {
    setForm({ ...past, headers: form.headers });
    setEditorVersion(editorVersion + 1);
  }
  function finalCheck(text: string): string | undefined {
    try {
      requestMessage(method, text, server.registry);
      return undefined;
    } catch (reason) {
      return reason instanceof Error ? reason.message : String(reason);
    }
  }

  const comment = commentOf(method);
  return (
    <>
      <div class="page-head">
        <p class="crumbs">
          <a href={linkTo(["services"])}>Services</a> /{" "}
          <a href={linkTo(["services", service])}>
            <ServiceName name={service} />
          </a>
        </p>
        <h1>{method.name}</h1>
        {comment === "" ? null : <p>{comment}</p>}
      </div>
      <div class="try">
        <section class="card" aria-labelledby="request-title">
          <header>
            <h2 id="request-title">Request</h2>
            <span class="muted mono">{method.input.typeName}</span>
            <span class="end">
              <HistoryMenu requests={() => pastRequests(service, method.name)} onChoose={recall} />
            </span>
          </header>
          <JsonEditor
            key={editorVersion}
            label={`Request of ${method.name}, as JSON`}
            text={form.json}
            shape={messageShape(method.input)}
            finalCheck={finalCheck}
            onChange={(json) => setForm((before) => ({ ...before, json }))}
            onSubmit={() => void run()}
          />
          <RequestOptions
            method={method}
            form={form}
            onChange={(change) => setForm({ ...form, ...change })}
          />
          <div class="run">
            <button type="button" class="primary" disabled={isRunning} onClick={() => void run()}>
              {form.mode === "send" ? "Send" : "Call"}
            </button>
            {isRunning ? (
              <button type="button" onClick={() => running.current?.abort()}>
                Stop waiting
              </button>
            ) : (
              <span class="muted">Ctrl+Enter</span>
            )}
            <span class="end">
              <SnippetMenu method={method} form={form} server={server} />
            </span>
          </div>
        </section>
        <ResultPanel method={method} result={result} isRunning={isRunning} server={server} />
      </div>
    </>
  );
}
