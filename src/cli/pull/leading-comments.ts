import type { DescriptorProto, EnumDescriptorProto, FileDescriptorProto } from "@bufbuild/protobuf/wkt";

/** Finds the comment above an element of a file, such as a message, a field or a method. Returns undefined if it has no comment. */
export type LeadingComment = (element: object) => string | undefined;

/**
 * Reads the comments of a file. A `google.protobuf.SourceCodeInfo` says by numbers what a comment belongs to: the number
 * of each field of the descriptor and the index in it, from the file down.
 */
export function leadingComments(file: FileDescriptorProto): LeadingComment {
  const byPath = new Map(
    file.sourceCodeInfo?.location.map(({ path, leadingComments }) => [path.join(), leadingComments]),
  );
  const byElement = new Map<object, string>();

  /** Goes through the elements in one field of a descriptor, and with `below` through what they contain. */
  function visit<T extends object>(
    path: readonly number[],
    field: number,
    elements: readonly T[],
    below?: (element: T, path: readonly number[]) => void,
  ): void {
    for (const [index, element] of elements.entries()) {
      const own = [...path, field, index];
      const comment = byPath.get(own.join());
      if (comment !== undefined && comment !== "") {
        byElement.set(element, comment);
      }
      below?.(element, own);
    }
  }
  function visitMessage(message: DescriptorProto, path: readonly number[]): void {
    visit(path, 2, message.field);
    visit(path, 3, message.nestedType, visitMessage);
    visit(path, 4, message.enumType, visitEnum);
    visit(path, 6, message.extension);
    visit(path, 8, message.oneofDecl);
  }
  function visitEnum({ value }: EnumDescriptorProto, path: readonly number[]): void {
    visit(path, 2, value);
  }

  visit([], 4, file.messageType, visitMessage);
  visit([], 5, file.enumType, visitEnum);
  visit([], 6, file.service, ({ method }, path) => visit(path, 2, method));
  visit([], 7, file.extension);
  return (element) => byElement.get(element);
}
