import { type DescField, type DescService, ScalarType } from "@bufbuild/protobuf";

/** A request that can be copied to a shell. */
export interface SampleRequest {
  readonly service: string;
  readonly method: string;
  readonly json: string;
}

/** A request to the first method of the first service, with something in each plain field. */
export function sampleRequest(services: readonly DescService[]): SampleRequest {
  const method = services.flatMap((service) => service.methods)[0];
  if (method === undefined) {
    throw new Error(`no method in ${services.map((service) => service.typeName).join(", ")}`);
  }
  const fields = method.input.fields.flatMap((field) => {
    const value = sampleValue(field);
    return value === undefined ? [] : [`"${field.jsonName}": ${value}`];
  });
  return { service: method.parent.typeName, method: method.name, json: `{${fields.join(", ")}}` };
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
