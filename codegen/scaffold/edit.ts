/** A change of a text: `text` replaces the characters from `start` to `end`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Places in the new text to report, as offsets from its start. */
  readonly marks?: readonly Mark[];
}

/** A place in a text. */
export interface Mark {
  readonly offset: number;
  readonly label: string;
}

/** Applies edits that do not overlap. The returned marks are offsets in the new text. */
export function applyEdits(
  text: string,
  edits: readonly Edit[],
): { readonly text: string; readonly marks: readonly Mark[] } {
  let result = "";
  let position = 0;
  const marks: Mark[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(position, edit.start);
    for (const { offset, label } of edit.marks ?? []) {
      marks.push({ offset: result.length + offset, label });
    }
    result += edit.text;
    position = edit.end;
  }
  return { text: result + text.slice(position), marks };
}
