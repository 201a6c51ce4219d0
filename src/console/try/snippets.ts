import { type DescMethodUnary, type Registry, toJsonString } from "@bufbuild/protobuf";
import { handlerKind } from "../../model/handler-kind.ts";
import { memberName } from "../../model/member-name.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import { serviceKind } from "../../model/service-kind.ts";
import { objectKeyHeaders } from "../../wire/object-key.ts";
import { hasKeyBeside, milliseconds, requestHeaders, requestMessage, type TryForm } from "./try-request.ts";
import { typeScriptLiteral } from "./type-script-literal.ts";

/** A request as other tools take it. */
export interface Snippet {
  readonly title: string;
  readonly text: string;
}

/**
 * The form's request for other tools.
 *
 * @throws Error that says what is wrong with the form.
 */
export function snippets(
  method: DescMethodUnary,
  form: TryForm,
  ingressUrl: string,
  registry: Registry,
): readonly Snippet[] {
  const message = requestMessage(method, form.json, registry);
  const json = toJsonString(method.input, message, { registry });
  const headers = headersOf(method, form);
  const isSend = form.mode === "send";
  const path = isSend ? "dev.restate.Ingress/Invoke" : `${method.parent.typeName}/${method.name}`;
  const body = isSend
    ? `{"service": ${JSON.stringify(method.parent.typeName)}, "method": ${JSON.stringify(method.name)}, "payload": ${json}}`
    : json;
  const flags = headers.map(([name, value]) => ` -H ${quoted(`${name}: ${value}`)}`).join("");
  const { host, protocol } = new URL(ingressUrl);
  const isPlain = protocol === "http:";
  return [
    {
      title: "curl",
      text: `curl ${ingressUrl}/${path} -H 'content-type: application/json'${flags} -d ${quoted(body)}`,
    },
    {
      title: "grpcurl",
      text: `grpcurl${isPlain ? " -plaintext" : ""}${flags} -d ${quoted(body)} ${host} ${path}`,
    },
    {
      title: "buf curl",
      text: `buf curl${isPlain ? " --http2-prior-knowledge" : ""}${flags} -d ${quoted(body)} ${ingressUrl}/${path}`,
    },
    {
      title: "TypeScript",
      text: typeScript(method, form, ingressUrl, typeScriptLiteral(method.input, message)),
    },
  ];
}

function headersOf(method: DescMethodUnary, form: TryForm): readonly (readonly [string, string])[] {
  const delayMs = form.mode === "send" ? milliseconds("The delay", form.delay) : undefined;
  return [
    ...Object.entries(objectKeyHeaders(hasKeyBeside(method) ? form.key : undefined) ?? {}),
    ...(form.idempotencyKey === "" ? [] : [[restateHeaders.idempotencyKey, form.idempotencyKey] as const]),
    ...(delayMs === undefined ? [] : [[restateHeaders.delay, String(delayMs)] as const]),
    ...requestHeaders(form.headers),
  ];
}

function typeScript(method: DescMethodUnary, form: TryForm, ingressUrl: string, literal: string): string {
  const service = method.parent;
  const create = `create${service.name}Client`;
  const protocol = form.protocol === "grpc-web" ? ', protocol: "grpc-web"' : "";
  const format = form.protocol === "connect-json" ? ', format: "json"' : "";
  const isEmpty = method.input.typeName === "google.protobuf.Empty";
  const args = [...(isEmpty ? [] : [literal]), ...optionsLiteral(form)].join(", ");
  return `import { createTransport } from "restate-connect/web";
import { ${create} } from "./gen/${service.file.name}_restate.js";

const transport = createTransport({ baseUrl: "${ingressUrl}"${protocol}${format} });
const client = ${create}(transport)${receiver(method, form.key)};
const ${form.mode === "send" ? "sent" : "response"} = await client.${member(method, form.mode)}(${args});
`;
}

function receiver(method: DescMethodUnary, key: string): string {
  switch (serviceKind(method.parent)) {
    case "object":
      return `.key(${JSON.stringify(key)})`;
    case "workflow":
      return `.workflow(${JSON.stringify(key)})`;
    default:
      return "";
  }
}

function member(method: DescMethodUnary, mode: TryForm["mode"]): string {
  if (handlerKind(method) === "run") {
    return "submit";
  }
  return mode === "send" ? `send.${memberName(method)}` : memberName(method);
}

function optionsLiteral(form: TryForm): readonly string[] {
  const delay = form.mode === "send" ? milliseconds("The delay", form.delay) : undefined;
  const timeoutMs = milliseconds("The deadline", form.deadline);
  const headers = requestHeaders(form.headers);
  const members = [
    ...(form.idempotencyKey === "" ? [] : [`idempotencyKey: ${JSON.stringify(form.idempotencyKey)}`]),
    ...(delay === undefined ? [] : [`delay: ${delay}`]),
    ...(timeoutMs === undefined ? [] : [`timeoutMs: ${timeoutMs}`]),
    ...(headers.length === 0 ? [] : [`headers: ${JSON.stringify(Object.fromEntries(headers))}`]),
  ];
  return members.length === 0 ? [] : [`{ ${members.join(", ")} }`];
}

/** A word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
