import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { keyFields } from "../../model/key-field.ts";
import { type ServiceKind, serviceKind } from "../../model/service-kind.ts";

const instanceTypes = {
  unkeyed: "Unkeyed",
  keyed: "Keyed",
  singleton: "Singleton",
  object: "VirtualObject",
  workflow: "Workflow",
} as const satisfies Record<ServiceKind, string>;

/** A service in `GET /services`: the shape of Restate 0.x, with names of 1.x for what 0.x did not have. */
export interface ServiceMetadata {
  readonly name: string;
  readonly methods: readonly MethodMetadata[];
  readonly instance_type: (typeof instanceTypes)[ServiceKind];
  readonly revision: number;
  readonly public: boolean;
}

export interface MethodMetadata {
  readonly name: string;
  readonly input_type: string;
  readonly output_type: string;
  readonly key_field_number?: number;
}

/** Describes a service. Services here have one revision, and all of them are public. */
export function serviceMetadata(service: DescService): ServiceMetadata {
  return {
    name: service.typeName,
    methods: service.methods.map(methodMetadata),
    instance_type: instanceTypes[serviceKind(service)],
    revision: 1,
    public: true,
  };
}

function methodMetadata({ name, input, output, parent }: DescMethod): MethodMetadata {
  const key = serviceKind(parent) === "keyed" ? keyFields(input)[0] : undefined;
  return {
    name,
    input_type: input.typeName,
    output_type: output.typeName,
    ...(key === undefined ? {} : { key_field_number: key.number }),
  };
}
