interface HeaderTableProps {
  readonly title: string;
  readonly list: readonly (readonly [string, string])[];
}

/** Headers or trailers, folded away. Nothing where there are none. */
export function HeaderTable({ title, list }: HeaderTableProps) {
  return list.length === 0 ? null : (
    <details class="type-details">
      <summary>
        {title} ({list.length})
      </summary>
      <dl class="header-list">
        {list.map(([name, value]) => (
          <div key={`${name} ${value}`}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
