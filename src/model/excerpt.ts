/** How much of a text an error repeats, UTF-16 code units. */
const maxLength = 100;

/**
 * C0 and C1 controls, line separators and bidirectional overrides: with them a text of someone else could forge a
 * line, or steer the terminal.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Replaces each control character by its escape, line ends included. */
export function escapeControls(text: string): string {
  return text.replace(controls, (character) =>
    character === "\n" ? "\\n" : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * What an error or a table quotes of a text that a caller sent: its beginning, with control characters escaped. An
 * error that repeated all of it would be as large as its request.
 */
export function excerpt(text: string, length: number = maxLength): string {
  return escapeControls(text.length > length ? `${text.slice(0, length).toWellFormed()}…` : text);
}
