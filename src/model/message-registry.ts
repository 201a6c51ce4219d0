import { createRegistry, type DescFile, type DescService, type Registry } from "@bufbuild/protobuf";

/** The messages that these services' files know: what JSON may have inside of `google.protobuf.Any`. */
export function messageRegistry(services: Iterable<DescService>): Registry {
  return createRegistry(...allFiles([...services].map(({ file }) => file)));
}

function allFiles(files: Iterable<DescFile>, found: Set<DescFile> = new Set()): Set<DescFile> {
  for (const file of files) {
    if (!found.has(file)) {
      found.add(file);
      allFiles(file.dependencies, found);
    }
  }
  return found;
}
