import type { Message } from "@bufbuild/protobuf";

// Of generated/dev/restate/ext_pb.ts and sdk/go_pb.ts, with which test/client/enum-option.test.ts compares them.

/** The numbers of Restate's options, which are extensions of the options of Protobuf. */
export const optionNumbers = {
  /** `dev.restate.ext.service_type` of a service. */
  serviceType: 51234,
  /** `dev.restate.ext.field` of a field. */
  field: 51234,
  /** `dev.restate.sdk.go.service_type` of a service. */
  goServiceType: 2051,
  /** `dev.restate.sdk.go.handler_type` of a method. */
  goHandlerType: 2051,
} as const;

/** Values of these options: a small page has no place for the enums. */
export const optionValues = {
  keyed: 1,
  singleton: 2,
  key: 0,
  virtualObject: 1,
  workflow: 2,
  unset: 0,
  shared: 2,
  workflowRun: 3,
} as const;

/** A descriptor with the options that its proto file gives it. */
interface WithOptions {
  readonly proto: { readonly options?: Message | undefined };
}

/**
 * Reads an option whose type is an enum, undefined where it is not set. Protobuf-ES keeps extensions as unknown fields;
 * its own `getOption` needs the extension's descriptor and all of reflection, which is a sixth of a small page.
 */
export function enumOption({ proto }: WithOptions, number: number): number | undefined {
  return proto.options?.$unknown?.findLast(({ no }) => no === number)?.data[0];
}
