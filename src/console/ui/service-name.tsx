/** A fully qualified name: the package in grey, the name itself in full. */
export function ServiceName({ name }: { readonly name: string }) {
  const dot = name.lastIndexOf(".") + 1;
  return (
    <span class="qualified">
      <span class="package">{name.slice(0, dot)}</span>
      {name.slice(dot)}
    </span>
  );
}
