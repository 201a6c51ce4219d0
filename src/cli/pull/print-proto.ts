import { type DescMessage, isFieldSet, type Message, type Registry } from "@bufbuild/protobuf";
import { protoCamelCase } from "@bufbuild/protobuf/reflect";
import {
  type DescriptorProto,
  Edition,
  type EnumDescriptorProto,
  EnumOptionsSchema,
  EnumValueOptionsSchema,
  ExtensionRangeOptionsSchema,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  type FileDescriptorProto,
  FileOptionsSchema,
  MessageOptionsSchema,
  MethodOptionsSchema,
  OneofOptionsSchema,
  type ServiceDescriptorProto,
  ServiceOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import { type LeadingComment, leadingComments } from "./leading-comments.ts";
import { type PrintedOption, printOptions, quote } from "./print-options.ts";

/**
 * Prints a file descriptor as the .proto file that it was compiled from. Of its comments it has those above an element,
 * if the descriptor has them.
 */
export function printProto(file: FileDescriptorProto, registry: Registry): string {
  const printer = new Printer(file, registry);
  return printer.print();
}

/** The highest field number, which `max` stands for. */
const maxFieldNumber = 536_870_911;
const maxEnumNumber = 2_147_483_647;

/** Holds the file, of which every part needs the package and the syntax, and the lines so far. */
class Printer {
  readonly #file: FileDescriptorProto;
  readonly #registry: Registry;
  readonly #nestedNames: ReadonlySet<string>;
  readonly #commentOf: LeadingComment;
  readonly #lines: string[] = [];
  #depth = 0;

  constructor(file: FileDescriptorProto, registry: Registry) {
    this.#file = file;
    this.#registry = registry;
    this.#commentOf = leadingComments(file);
    this.#nestedNames = new Set(file.messageType.flatMap(nestedNames));
  }

  print(): string {
    const file = this.#file;
    this.#line(this.#syntax());
    this.#gap();
    if (file.package !== "") {
      this.#line(`package ${file.package};`);
      this.#gap();
    }
    for (const [index, name] of file.dependency.entries()) {
      const modifier = file.publicDependency.includes(index)
        ? "public "
        : file.weakDependency.includes(index)
          ? "weak "
          : "";
      this.#line(`import ${modifier}${quote(name)};`);
    }
    this.#gap();
    this.#options(FileOptionsSchema, file.options);
    this.#gap();
    this.#extensions(file.extension);
    for (const message of file.messageType) {
      this.#message(message);
    }
    for (const enumeration of file.enumType) {
      this.#enum(enumeration);
    }
    for (const service of file.service) {
      this.#service(service);
    }
    return `${this.#lines.join("\n").trimEnd()}\n`;
  }

  #syntax(): string {
    const { syntax, edition } = this.#file;
    return syntax === "editions"
      ? `edition = "${Edition[edition]?.replace("EDITION_", "")}";`
      : `syntax = "${syntax === "" ? "proto2" : syntax}";`;
  }

  #message(message: DescriptorProto): void {
    this.#comment(message);
    this.#block(`message ${message.name}`, () => this.#messageBody(message));
    this.#gap();
  }

  #messageBody(message: DescriptorProto): void {
    this.#options(MessageOptionsSchema, message.options);
    // Map entries and the messages of groups are printed where their fields are.
    const groups = new Set(
      [...message.field, ...message.extension]
        .filter(({ type }) => type === FieldDescriptorProto_Type.GROUP)
        .map(({ typeName }) => typeName.split(".").at(-1)),
    );
    for (const nested of message.nestedType) {
      if (nested.options?.mapEntry !== true && !groups.has(nested.name)) {
        this.#message(nested);
      }
    }
    for (const enumeration of message.enumType) {
      this.#enum(enumeration);
    }
    const printed = new Set<number>();
    for (const field of message.field) {
      if (field.proto3Optional || !isInOneof(field)) {
        this.#field(field, message);
      } else if (!printed.has(field.oneofIndex)) {
        printed.add(field.oneofIndex);
        this.#oneof(message, field.oneofIndex);
      }
    }
    this.#extensions(message.extension);
    for (const { start, end, options } of message.extensionRange) {
      const printedOptions = this.#printed(ExtensionRangeOptionsSchema, options);
      this.#line(`extensions ${range(start, end - 1, maxFieldNumber)}${brackets(printedOptions)};`);
    }
    for (const { start, end } of message.reservedRange) {
      this.#line(`reserved ${range(start, end - 1, maxFieldNumber)};`);
    }
    this.#reservedNames(message.reservedName);
  }

  #oneof(message: DescriptorProto, index: number): void {
    const oneof = message.oneofDecl[index];
    this.#comment(oneof);
    this.#block(`oneof ${oneof?.name}`, () => {
      this.#options(OneofOptionsSchema, oneof?.options);
      for (const field of message.field) {
        if (isInOneof(field) && field.oneofIndex === index && !field.proto3Optional) {
          this.#field(field, message, "oneof");
        }
      }
    });
  }

  #field(
    field: FieldDescriptorProto,
    parent: DescriptorProto | undefined,
    place: "message" | "oneof" = "message",
  ): void {
    const entry = parent?.nestedType.find(
      ({ name, options }) => options?.mapEntry === true && name === field.typeName.split(".").at(-1),
    );
    const label = entry === undefined && place === "message" ? this.#label(field) : "";
    const options = brackets(this.#fieldOptions(field));
    this.#comment(field);
    if (field.type === FieldDescriptorProto_Type.GROUP) {
      const name = field.typeName.split(".").at(-1);
      const group = parent?.nestedType.find((nested) => nested.name === name);
      this.#block(`${label}group ${name} = ${field.number}${options}`, () => {
        if (group !== undefined) {
          this.#messageBody(group);
        }
      });
      return;
    }
    this.#line(`${label}${this.#type(field, entry)} ${field.name} = ${field.number}${options};`);
  }

  #label({ label, proto3Optional }: FieldDescriptorProto): string {
    if (label === FieldDescriptorProto_Label.REPEATED) {
      return "repeated ";
    }
    if (this.#file.syntax === "proto3" || this.#file.syntax === "editions") {
      return proto3Optional ? "optional " : "";
    }
    return label === FieldDescriptorProto_Label.REQUIRED ? "required " : "optional ";
  }

  #type(field: FieldDescriptorProto, entry: DescriptorProto | undefined): string {
    if (entry !== undefined) {
      const [key, value] = entry.field.map((part) => this.#type(part, undefined));
      return `map<${key}, ${value}>`;
    }
    switch (field.type) {
      case FieldDescriptorProto_Type.MESSAGE:
      case FieldDescriptorProto_Type.GROUP:
      case FieldDescriptorProto_Type.ENUM:
        return this.#typeName(field.typeName);
      default:
        return FieldDescriptorProto_Type[field.type]?.toLowerCase() ?? "";
    }
  }

  /**
   * A type as short as its scope allows. A descriptor has `.package.Type`; a name without the leading dot is
   * looked up from the innermost scope outwards, where a nested type or a part of the package may have its name.
   */
  #typeName(name: string): string {
    const { package: own } = this.#file;
    const short = own !== "" && name.startsWith(`.${own}.`) ? name.slice(own.length + 2) : name.slice(1);
    const [first = ""] = short.split(".");
    const isShadowed = this.#nestedNames.has(first) || own.split(".").slice(1).includes(first);
    return isShadowed ? name : short;
  }

  #fieldOptions(field: FieldDescriptorProto): readonly PrintedOption[] {
    const options = [...this.#printed(FieldOptionsSchema, field.options)];
    if (field.jsonName !== "" && field.jsonName !== protoCamelCase(field.name) && field.extendee === "") {
      options.unshift({ name: "json_name", value: quote(field.jsonName) });
    }
    if (isFieldSet(field, FieldDescriptorProtoSchema.field.defaultValue)) {
      options.unshift({ name: "default", value: defaultText(field) });
    }
    return options;
  }

  #extensions(extensions: readonly FieldDescriptorProto[]): void {
    for (const [extendee, fields] of Map.groupBy(extensions, (field) => field.extendee)) {
      this.#block(`extend ${this.#typeName(extendee)}`, () => {
        for (const field of fields) {
          this.#field(field, undefined);
        }
      });
      this.#gap();
    }
  }

  #enum(enumeration: EnumDescriptorProto): void {
    this.#comment(enumeration);
    this.#block(`enum ${enumeration.name}`, () => {
      this.#options(EnumOptionsSchema, enumeration.options);
      for (const value of enumeration.value) {
        const { name, number, options } = value;
        this.#comment(value);
        this.#line(`${name} = ${number}${brackets(this.#printed(EnumValueOptionsSchema, options))};`);
      }
      for (const { start, end } of enumeration.reservedRange) {
        this.#line(`reserved ${range(start, end, maxEnumNumber)};`);
      }
      this.#reservedNames(enumeration.reservedName);
    });
    this.#gap();
  }

  #service(service: ServiceDescriptorProto): void {
    this.#comment(service);
    this.#block(`service ${service.name}`, () => {
      this.#options(ServiceOptionsSchema, service.options);
      for (const method of service.method) {
        const input = `${method.clientStreaming ? "stream " : ""}${this.#typeName(method.inputType)}`;
        const output = `${method.serverStreaming ? "stream " : ""}${this.#typeName(method.outputType)}`;
        this.#comment(method);
        const head = `rpc ${method.name}(${input}) returns (${output})`;
        if (this.#printed(MethodOptionsSchema, method.options).length === 0) {
          this.#line(`${head};`);
        } else {
          this.#block(head, () => this.#options(MethodOptionsSchema, method.options));
        }
      }
    });
    this.#gap();
  }

  #printed(schema: DescMessage, options: Message | undefined): readonly PrintedOption[] {
    return printOptions(schema, options, this.#registry, (name) => this.#typeName(name));
  }

  #options(schema: DescMessage, options: Message | undefined): void {
    for (const { name, value } of this.#printed(schema, options)) {
      if (name !== "map_entry") {
        this.#line(`option ${name} = ${value};`);
      }
    }
  }

  #reservedNames(names: readonly string[]): void {
    if (names.length > 0) {
      const isEdition = this.#file.syntax === "editions";
      this.#line(`reserved ${names.map((name) => (isEdition ? name : quote(name))).join(", ")};`);
    }
  }

  #block(head: string, body: () => void): void {
    this.#line(`${head} {`);
    this.#depth += 1;
    body();
    this.#depth -= 1;
    while (this.#lines.at(-1) === "") {
      this.#lines.pop();
    }
    this.#line("}");
  }

  #comment(element: object | undefined): void {
    const comment = element && this.#commentOf(element);
    for (const line of comment?.trimEnd().split("\n") ?? []) {
      this.#line(`//${line}`.trimEnd());
    }
  }

  #line(text: string): void {
    this.#lines.push(`${"  ".repeat(this.#depth)}${text}`);
  }

  /** An empty line, unless there is one. */
  #gap(): void {
    if (this.#lines.at(-1) !== "") {
      this.#lines.push("");
    }
  }
}

/** The names of all types and fields inside of a message. */
function nestedNames({ nestedType, enumType, field }: DescriptorProto): readonly string[] {
  const own = [...nestedType, ...enumType, ...field].map(({ name }) => name);
  return [...own, ...nestedType.flatMap(nestedNames)];
}

function isInOneof(field: FieldDescriptorProto): boolean {
  return isFieldSet(field, FieldDescriptorProtoSchema.field.oneofIndex);
}

function defaultText({ type, defaultValue }: FieldDescriptorProto): string {
  switch (type) {
    case FieldDescriptorProto_Type.STRING:
      return quote(defaultValue);
    case FieldDescriptorProto_Type.BYTES:
      return `"${defaultValue}"`; // The descriptor has it escaped.
    default:
      return defaultValue;
  }
}

function range(first: number, last: number, max: number): string {
  return first === last ? String(first) : `${first} to ${last >= max ? "max" : last}`;
}

function brackets(options: readonly PrintedOption[]): string {
  return options.length === 0
    ? ""
    : ` [${options.map(({ name, value }) => `${name} = ${value}`).join(", ")}]`;
}
