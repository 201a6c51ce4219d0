import { clone, create, createFileRegistry, setExtension } from "@bufbuild/protobuf";
import { FieldOptionsSchema, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { FieldRulesSchema, field } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";

/**
 * The Greeter as it would be generated from `string name = 1 [(buf.validate.field).string.min_len = 3]`. The
 * repository's own protos do without buf's, which come from a registry.
 */
export function validatedGreeter(): typeof Greeter {
  const file = clone(FileDescriptorProtoSchema, Greeter.file.proto);
  const name = file.messageType.find((message) => message.name === "GreetRequest")?.field[0];
  if (name === undefined) {
    throw new Error("GreetRequest has no field");
  }
  name.options = create(FieldOptionsSchema);
  setExtension(
    name.options,
    field,
    create(FieldRulesSchema, { type: { case: "string", value: { minLen: 3n } } }),
  );
  const registry = createFileRegistry(file, (path) =>
    Greeter.file.dependencies.find(({ proto }) => proto.name === path),
  );
  // The same messages and methods, with one option more.
  return registry.getService(Greeter.typeName) as typeof Greeter;
}
