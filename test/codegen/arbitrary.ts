import { create, setExtension } from "@bufbuild/protobuf";
import { protoCamelCase } from "@bufbuild/protobuf/reflect";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type DescriptorProto,
  DescriptorProtoSchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  file_google_protobuf_descriptor,
  file_google_protobuf_empty,
  type MethodDescriptorProto,
  MethodDescriptorProtoSchema,
  type ServiceDescriptorProto,
  ServiceDescriptorProtoSchema,
  ServiceOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import {
  FieldType,
  field as fieldOption,
  file_dev_restate_ext,
  ServiceType,
  service_type,
} from "../../generated/dev/restate/ext_pb.ts";
import {
  file_dev_restate_sdk_go,
  ServiceType as GoServiceType,
  service_type as go_service_type,
} from "../../generated/dev/restate/sdk/go_pb.ts";

/**
 * Names that mean something: to generated code, to the runtime, to the language, or to each other. Those
 * that protoc-gen-es itself makes invalid TypeScript of (`any`, `never`, `unknown`, `symbol`, `undefined`,
 * `await`) are only names of methods.
 */
const typeNames = [
  ..."Greeter GreeterClient GreeterSend GreeterSendClient GreeterObject GreeterObjectClient".split(" "),
  ..."GreeterObjectSend GreeterHandlers createGreeter createGreeterClient createClient transport".split(" "),
  ..."GreeterWorkflow GreeterWorkflowClient GreeterWorkflowSend".split(" "),
  ..."create GreeterJson GreeterJsonClient GreetJson Greet AddJson Add JsonClientOptions JsonInvocation".split(
    " ",
  ),
  ..."CallOptions Context Invocation Keyless MessageInitShape SendOptions SubmitOptions Transport Promise".split(
    " ",
  ),
  ..."Object Symbol String Error Record Omit Partial Uint8Array Empty Schema GreeterSchema".split(" "),
  ..."delete class new interface void type globalThis request options ctx key send _x A_B AB A_B_C".split(
    " ",
  ),
];
const memberNames = [
  ...typeNames,
  ..."Workflow Submit Attach Output".split(" "),
  ..."Send Key Then then Constructor toString valueOf toJSON Get Set any never unknown symbol await get set".split(
    " ",
  ),
];

interface MessageModel {
  readonly name: string;
  /** The name of its KEY field. */
  readonly key: string | undefined;
  readonly more: boolean;
  readonly nested: readonly string[];
}

interface ServiceModel {
  readonly name: string;
  readonly type: ServiceType | "VIRTUAL_OBJECT" | "WORKFLOW";
  readonly methods: readonly { readonly name: string; readonly input: number; readonly output: number }[];
}

const typeName = fc.constantFrom(...typeNames);
const memberName = fc.constantFrom(...memberNames);

const message: fc.Arbitrary<MessageModel> = fc.record({
  name: typeName,
  key: fc.option(memberName, { nil: undefined }),
  more: fc.boolean(),
  nested: fc.uniqueArray(typeName, { maxLength: 2 }),
});

const service: fc.Arbitrary<ServiceModel> = fc.record({
  name: typeName,
  type: fc.constantFrom(
    ServiceType.UNKEYED,
    ServiceType.KEYED,
    ServiceType.SINGLETON,
    "VIRTUAL_OBJECT" as const,
    "WORKFLOW" as const,
  ),
  methods: fc.uniqueArray(fc.record({ name: memberName, input: fc.nat(), output: fc.nat() }), {
    maxLength: 6,
    selector: ({ name }) => name.charAt(0).toLowerCase() + name.slice(1),
  }),
});

const elements = fc.uniqueArray(
  fc.oneof(
    message.map((model) => ({ kind: "message", name: model.name, model }) as const),
    service.map((model) => ({ kind: "service", name: model.name, model }) as const),
  ),
  { minLength: 8, maxLength: 16, selector: ({ name }) => name },
);

/** A request for the code of valid proto files with a package each, and with names that get in each other's way. */
export const request: fc.Arbitrary<CodeGeneratorRequest> = fc
  .array(elements, { minLength: 8, maxLength: 8 })
  .map((files) => {
    const protos = files.map((all, index) =>
      file(
        `p${index}`,
        all.flatMap((one) => (one.kind === "message" ? [one.model] : [])),
        all.flatMap((one) => (one.kind === "service" ? [one.model] : [])),
      ),
    );
    const imported = [
      file_google_protobuf_descriptor,
      file_google_protobuf_empty,
      file_dev_restate_ext,
      file_dev_restate_sdk_go,
    ];
    return create(CodeGeneratorRequestSchema, {
      fileToGenerate: protos.map(({ name }) => name),
      protoFile: [...imported.map(({ proto }) => proto), ...protos],
    });
  });

function file(
  name: string,
  messages: readonly MessageModel[],
  services: readonly ServiceModel[],
): FileDescriptorProto {
  const empty = ".google.protobuf.Empty";
  const path = (...names: string[]) => `.${[name, ...names].join(".")}`;
  const keyed = messages.filter(({ key }) => key !== undefined).map((model) => path(model.name));
  const types = [
    empty,
    ...messages.flatMap((model) => [
      path(model.name),
      ...model.nested.map((inner) => path(model.name, inner)),
    ]),
  ];
  return create(FileDescriptorProtoSchema, {
    name: `${name}.proto`,
    package: name,
    syntax: "proto3",
    dependency: ["google/protobuf/empty.proto", "dev/restate/ext.proto", "dev/restate/sdk/go.proto"],
    messageType: messages.map(messageProto),
    service: services.map((model) => serviceProto(model, types, keyed)),
  });
}

function messageProto({ name, key, more, nested }: MessageModel): DescriptorProto {
  const field = (name: string, number: number) => ({
    name,
    number,
    jsonName: protoCamelCase(name),
    label: FieldDescriptorProto_Label.OPTIONAL,
    type: FieldDescriptorProto_Type.STRING,
  });
  const keyOptions = create(FieldOptionsSchema);
  setExtension(keyOptions, fieldOption, FieldType.KEY);
  return create(DescriptorProtoSchema, {
    name,
    field: [
      ...(key === undefined
        ? []
        : [create(FieldDescriptorProtoSchema, { ...field(key, 1), options: keyOptions })]),
      ...(more ? [field("another_field", 2)] : []),
    ],
    nestedType: nested.map((inner) => ({ name: inner })),
  });
}

/** A KEYED service where there are messages with a KEY for its methods to take; a WORKFLOW has a Run more. */
function serviceProto(
  { name, type, methods }: ServiceModel,
  types: readonly string[],
  keyed: readonly string[],
): ServiceDescriptorProto {
  const isKeyed = type === ServiceType.KEYED && keyed.length > 0;
  const inputs = isKeyed ? keyed : types;
  const options = create(ServiceOptionsSchema);
  if (typeof type === "string") {
    setExtension(options, go_service_type, GoServiceType[type]);
  } else {
    setExtension(options, service_type, type === ServiceType.KEYED && !isKeyed ? ServiceType.UNKEYED : type);
  }
  const run = type === "WORKFLOW" ? [{ name: "Run", input: methods.length, output: 0 }] : [];
  return create(ServiceDescriptorProtoSchema, {
    name,
    options,
    method: [...run, ...methods].map(
      (method): MethodDescriptorProto =>
        create(MethodDescriptorProtoSchema, {
          name: method.name,
          inputType: inputs[method.input % inputs.length] ?? "",
          outputType: types[method.output % types.length] ?? "",
        }),
    ),
  });
}
