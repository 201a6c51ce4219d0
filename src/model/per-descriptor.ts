/** Caches the result of a function for each descriptor, because protobuf-es decodes an option on every read. */
export function perDescriptor<D extends object, R>(read: (desc: D) => R): (desc: D) => R {
  const known = new WeakMap<D, { readonly result: R }>();
  return (desc) => {
    const found = known.get(desc);
    if (found !== undefined) {
      return found.result;
    }
    const result = read(desc);
    known.set(desc, { result });
    return result;
  };
}
