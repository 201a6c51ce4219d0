import type { AnyDesc, DescEnum, DescFile, DescMessage } from "@bufbuild/protobuf";

// Field numbers of google.protobuf.FileDescriptorProto and its parts, which the paths of comments are made of.
const inFile = { message: 4, enum: 5, service: 6 } as const;
const inMessage = { field: 2, message: 3, enum: 4, oneof: 8 } as const;
const inEnum = { value: 2 } as const;
const inService = { method: 2 } as const;

const cache = new WeakMap<DescFile, ReadonlyMap<string, string>>();

/** The comment in front of a declaration; "" if it has none, or if the server does not have the comments. */
export function commentOf(desc: AnyDesc): string {
  const file = desc.kind === "file" ? desc : fileOf(desc);
  const path = pathOf(desc);
  return path === undefined ? "" : (commentsOf(file).get(path.join()) ?? "");
}

function commentsOf(file: DescFile): ReadonlyMap<string, string> {
  let comments = cache.get(file);
  if (comments === undefined) {
    const locations = file.proto.sourceCodeInfo?.location ?? [];
    comments = new Map(
      locations.map(({ path, leadingComments, trailingComments }) => [
        path.join(),
        unwrapped(leadingComments || trailingComments),
      ]),
    );
    cache.set(file, comments);
  }
  return comments;
}

/** One line for each paragraph: the page breaks lines where it needs to. */
function unwrapped(comment: string): string {
  return comment
    .split(/\n[ \t]*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, " ").trim())
    .filter((paragraph) => paragraph !== "" && !/^(buf:lint|@exclude)/.test(paragraph))
    .join("\n");
}

function fileOf(desc: Exclude<AnyDesc, DescFile>): DescFile {
  switch (desc.kind) {
    case "enum_value":
    case "field":
    case "oneof":
    case "rpc":
      return desc.parent.file;
    default:
      return desc.file;
  }
}

function pathOf(desc: AnyDesc): readonly number[] | undefined {
  switch (desc.kind) {
    case "message":
      return typePath(desc, inFile.message, inMessage.message);
    case "enum":
      return typePath(desc, inFile.enum, inMessage.enum);
    case "service":
      return [inFile.service, desc.file.services.indexOf(desc)];
    case "rpc":
      return [...(pathOf(desc.parent) ?? []), inService.method, desc.parent.methods.indexOf(desc)];
    case "field":
      return [...(pathOf(desc.parent) ?? []), inMessage.field, desc.parent.fields.indexOf(desc)];
    case "oneof":
      return [...(pathOf(desc.parent) ?? []), inMessage.oneof, desc.parent.oneofs.indexOf(desc)];
    case "enum_value":
      return [...(pathOf(desc.parent) ?? []), inEnum.value, desc.parent.values.indexOf(desc)];
    default:
      return undefined;
  }
}

/** Counted by the file's own list, which has the entry types of maps too. */
function typePath(desc: DescMessage | DescEnum, top: number, nested: number): readonly number[] {
  const { parent, file, kind } = desc;
  const name = desc.proto.name;
  if (parent === undefined) {
    const siblings = kind === "message" ? file.proto.messageType : file.proto.enumType;
    return [top, siblings.findIndex((sibling) => sibling.name === name)];
  }
  const siblings = kind === "message" ? parent.proto.nestedType : parent.proto.enumType;
  return [
    ...typePath(parent, inFile.message, inMessage.message),
    nested,
    siblings.findIndex((sibling) => sibling.name === name),
  ];
}
