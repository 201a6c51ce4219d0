import type { DescEnum, DescExtension, DescFile, DescMessage, DescService } from "@bufbuild/protobuf";

/** Descriptors, indexed for the questions of the reflection protocol. */
export interface DescriptorIndex {
  readonly serviceNames: readonly string[];
  fileByName(name: string): DescFile | undefined;
  /** Symbols are services, methods, messages, fields, oneofs, enums, their values and extensions. */
  fileOfSymbol(symbol: string): DescFile | undefined;
  fileOfExtension(message: string, number: number): DescFile | undefined;
  /** Undefined if the message does not exist. */
  extensionNumbers(message: string): readonly number[] | undefined;
}

/** Indexes the files of these services and everything they import. */
export function indexDescriptors(services: readonly DescService[]): DescriptorIndex {
  const files = new Map<string, DescFile>();
  const symbols = new Map<string, DescFile>();
  const extensions = new Map<string, Map<number, DescFile>>();

  function addFile(file: DescFile): void {
    const name = file.proto.name;
    if (files.has(name)) {
      return;
    }
    files.set(name, file);
    file.dependencies.forEach(addFile);
    for (const service of file.services) {
      symbols.set(service.typeName, file);
      for (const method of service.methods) {
        symbols.set(`${service.typeName}.${method.name}`, file);
      }
    }
    file.messages.forEach(addMessage);
    file.enums.forEach(addEnum);
    file.extensions.forEach(addExtension);
  }
  function addMessage(message: DescMessage): void {
    symbols.set(message.typeName, message.file);
    for (const member of [...message.fields, ...message.oneofs]) {
      symbols.set(`${message.typeName}.${member.name}`, message.file);
    }
    message.nestedMessages.forEach(addMessage);
    message.nestedEnums.forEach(addEnum);
    message.nestedExtensions.forEach(addExtension);
  }
  /** The values of an enum are in the scope that contains the enum. */
  function addEnum({ typeName, values, file }: DescEnum): void {
    symbols.set(typeName, file);
    const scope = typeName.slice(0, typeName.lastIndexOf(".") + 1);
    for (const { name } of values) {
      symbols.set(`${scope}${name}`, file);
    }
  }
  function addExtension({ typeName, extendee, number, file }: DescExtension): void {
    symbols.set(typeName, file);
    const numbers = extensions.get(extendee.typeName) ?? new Map<number, DescFile>();
    extensions.set(extendee.typeName, numbers.set(number, file));
  }

  for (const { file } of services) {
    addFile(file);
  }
  return {
    serviceNames: [...new Set(services.map(({ typeName }) => typeName))].sort(),
    fileByName: (name) => files.get(name),
    fileOfSymbol: (symbol) => symbols.get(symbol),
    fileOfExtension: (message, number) => extensions.get(message)?.get(number),
    extensionNumbers(message) {
      const numbers = extensions.get(message);
      return numbers === undefined
        ? symbols.has(message)
          ? []
          : undefined
        : [...numbers.keys()].sort((a, b) => a - b);
    },
  };
}
