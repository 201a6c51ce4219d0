import type { DescMethod } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { handlerKind } from "../../model/handler-kind.ts";
import { serviceKind } from "../../model/service-kind.ts";
import { commentOf } from "../comments.ts";
import { linkTo } from "../route.ts";
import { useServer } from "../server.ts";
import { Icon } from "../ui/icon.tsx";
import { EmptyNote } from "../ui/notes.tsx";
import { ServiceName } from "../ui/service-name.tsx";
import { KindBadge, kindExplanation } from "./kind-badge.tsx";
import { MessageType } from "./message-type.tsx";

/** One service: what it is, and its methods with their messages. */
export function ServicePage({ name }: { readonly name: string }) {
  const { data } = useServer();
  const service = data?.services.find(({ typeName }) => typeName === name);
  if (service === undefined) {
    return (
      <EmptyNote title={`The server has no service ${name}`}>
        <a href={linkTo(["services"])}>Look at the services that it has</a>
      </EmptyNote>
    );
  }
  const comment = commentOf(service);
  return (
    <>
      <div class="page-head">
        <p class="crumbs">
          <a href={linkTo(["services"])}>Services</a>
        </p>
        <h1>
          <ServiceName name={service.typeName} /> <KindBadge service={service} />
        </h1>
        {comment === "" ? null : <p>{comment}</p>}
        <p class="muted">
          {kindExplanation(service)} Declared in <code>{service.file.proto.name}</code>.
        </p>
        <p>
          <a href={linkTo(["invocations"], new URLSearchParams({ service: name }))}>
            Invocations of the service
          </a>
        </p>
      </div>
      <div class="methods">
        {service.methods.map((method) => (
          <Method key={method.name} method={method} />
        ))}
      </div>
    </>
  );
}

function Method({ method }: { readonly method: DescMethod }) {
  const comment = commentOf(method);
  return (
    <section class="card method" aria-labelledby={`method-${method.name}`}>
      <header>
        <h2 id={`method-${method.name}`}>{method.name}</h2>
        <Options method={method} />
        {method.methodKind === "unary" ? (
          <a class="button primary" href={linkTo(["try", method.parent.typeName, method.name])}>
            <Icon name="play" />
            <span>
              Try it<span class="visually-hidden">: {method.name}</span>
            </span>
          </a>
        ) : null}
      </header>
      {comment === "" ? null : <p>{comment}</p>}
      <div class="messages">
        <div>
          <h3>Request</h3>
          <MessageType message={method.input} isOpen />
        </div>
        <div>
          <h3>Response</h3>
          <MessageType message={method.output} isOpen />
        </div>
      </div>
    </section>
  );
}

function Options({ method }: { readonly method: DescMethod }) {
  const options = [
    ...(handlerKind(method) === "run" ? ["runs the workflow"] : []),
    ...(handlerKind(method) === "shared" && serviceKind(method.parent) !== "unkeyed" ? ["shared"] : []),
    ...(method.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS ? ["no side effects"] : []),
    ...(method.idempotency === MethodOptions_IdempotencyLevel.IDEMPOTENT ? ["idempotent"] : []),
    ...(method.methodKind === "unary" ? [] : ["streaming: not served"]),
    ...(method.deprecated ? ["deprecated"] : []),
  ];
  return options.length === 0 ? null : (
    <ul class="badges" aria-label={`Options of ${method.name}`}>
      {options.map((option) => (
        <li key={option} class="badge">
          {option}
        </li>
      ))}
    </ul>
  );
}
