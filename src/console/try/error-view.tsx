import { fromBinary, type Registry, toJson } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { codeToString } from "@connectrpc/connect/protocol-connect";
import { JsonView } from "../ui/json-view.tsx";

/** An error with its typed details. */
export function ErrorView({
  error,
  registry,
}: {
  readonly error: ConnectError;
  readonly registry: Registry;
}) {
  return (
    <div class="failure">
      <p>
        <strong class="mono">{codeToString(error.code)}</strong> {error.rawMessage}
      </p>
      {error.details.map((detail, index) => {
        const { name, text } = detailText(detail, registry);
        return (
          <div key={index}>
            <h3 class="mono">{name}</h3>
            <JsonView text={text} label={`Detail ${name}`} />
          </div>
        );
      })}
    </div>
  );
}

function detailText(
  detail: ConnectError["details"][number],
  registry: Registry,
): { readonly name: string; readonly text: string } {
  if ("desc" in detail) {
    return { name: detail.desc.typeName, text: JSON.stringify(detail.value, undefined, 2) };
  }
  const schema = registry.getMessage(detail.type);
  if (schema !== undefined) {
    try {
      const json = toJson(schema, fromBinary(schema, detail.value), { registry });
      return { name: detail.type, text: JSON.stringify(json, undefined, 2) };
    } catch {
      // shown as the server sent it
    }
  }
  return {
    name: detail.type,
    text:
      detail.debug === undefined
        ? `${detail.value.byteLength} bytes of a type that the server does not describe`
        : JSON.stringify(detail.debug, undefined, 2),
  };
}
