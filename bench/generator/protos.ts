import { create, setExtension } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldOptionsSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  file_google_protobuf_descriptor,
  ServiceOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import {
  FieldType,
  field as fieldOption,
  file_dev_restate_ext,
  ServiceType,
  service_type,
} from "../../generated/dev/restate/ext_pb.ts";

/**
 * What buf asks a plugin for: so many proto files, each with a service, its messages, and a comment on each
 * method. Every fourth service is KEYED.
 */
export function benchRequest(services: number, methods: number): CodeGeneratorRequest {
  const files = Array.from({ length: services }, (_, index) => protoFile(index, methods));
  return create(CodeGeneratorRequestSchema, {
    fileToGenerate: files.map(({ name }) => name),
    protoFile: [file_google_protobuf_descriptor.proto, file_dev_restate_ext.proto, ...files],
  });
}

function protoFile(index: number, methods: number): FileDescriptorProto {
  const numbers = Array.from({ length: methods }, (_, method) => method);
  const options = create(ServiceOptionsSchema);
  setExtension(options, service_type, index % 4 === 0 ? ServiceType.KEYED : ServiceType.UNKEYED);
  return create(FileDescriptorProtoSchema, {
    name: `acme/service${index}.proto`,
    package: "acme",
    syntax: "proto3",
    dependency: ["dev/restate/ext.proto"],
    messageType: numbers.flatMap((method) => [
      message(`Service${index}Request${method}`),
      message(`Service${index}Response${method}`),
    ]),
    service: [
      {
        name: `Service${index}`,
        options,
        method: numbers.map((method) => ({
          name: `Method${method}`,
          inputType: `.acme.Service${index}Request${method}`,
          outputType: `.acme.Service${index}Response${method}`,
        })),
      },
    ],
    sourceCodeInfo: {
      location: numbers.map((method) => ({
        path: [6, 0, 2, method], // service 0, its method
        span: [method, 0, 1],
        leadingComments: ` Runs method ${method} of service ${index} and returns its result.\n`,
      })),
    },
  });
}

function message(name: string) {
  const field = (number: number, fieldName: string) => ({
    name: fieldName,
    jsonName: fieldName,
    number,
    label: FieldDescriptorProto_Label.OPTIONAL,
    type: FieldDescriptorProto_Type.STRING,
  });
  const options = create(FieldOptionsSchema);
  setExtension(options, fieldOption, FieldType.KEY);
  return { name, field: [{ ...field(1, "id"), options }, field(2, "value"), field(3, "note")] };
}
