interface TileProps {
  readonly title: string;
  readonly value: string | undefined;
  readonly note?: string;
  readonly href?: string;
}

/** One figure of now. */
export function Tile({ title, value = "–", note, href }: TileProps) {
  return (
    <li class="tile">
      <span class="tile-title">{href === undefined ? title : <a href={href}>{title}</a>}</span>
      <span class={/\d|–/.test(value) ? "tile-value" : "tile-value plain"}>{value}</span>
      {note === undefined ? null : <span class="muted wrap">{note}</span>}
    </li>
  );
}
