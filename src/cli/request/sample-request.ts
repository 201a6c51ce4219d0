import { type DescField, type DescMethodUnary, type DescService, ScalarType } from "@bufbuild/protobuf";
import { handlerKind } from "../../model/handler-kind.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import { serviceKind } from "../../model/service-kind.ts";
import { unaryMethods } from "../../model/unary-methods.ts";

/** A request that can be pasted into a shell. */
export interface SampleRequest {
  readonly service: string;
  readonly method: string;
  /** Headers that it needs, as `name: value`, without the content type. */
  readonly headers: readonly string[];
  readonly json: string;
}

/**
 * Returns a sample request with a value in each scalar field. Prefers the first unary method of a service whose
 * requests carry everything, and falls back to an object or a workflow, which need a key header. Undefined if
 * there is no unary method.
 */
export function sampleRequest(services: readonly DescService[]): SampleRequest | undefined {
  const methods = services.flatMap(unaryMethods);
  const method =
    methods.find((candidate) => !hasKeyBeside(candidate)) ??
    methods.find((candidate) => handlerKind(candidate) === "run") ??
    methods[0];
  if (method === undefined) {
    return undefined;
  }
  const fields = method.input.fields.flatMap((field) => {
    const value = sampleValue(field);
    return value === undefined ? [] : [`"${field.jsonName}": ${value}`];
  });
  return {
    service: method.parent.typeName,
    method: method.name,
    headers: hasKeyBeside(method) ? [`${restateHeaders.objectKey}: pete`] : [],
    json: `{${fields.join(", ")}}`,
  };
}

function hasKeyBeside({ parent }: DescMethodUnary): boolean {
  const kind = serviceKind(parent);
  return kind === "object" || kind === "workflow";
}

function sampleValue(field: DescField): string | undefined {
  if (field.fieldKind !== "scalar" || field.oneof !== undefined) {
    return undefined;
  }
  switch (field.scalar) {
    case ScalarType.STRING:
      return '"Pete"';
    case ScalarType.BOOL:
      return "true";
    case ScalarType.BYTES:
      return undefined;
    default:
      return "1";
  }
}
