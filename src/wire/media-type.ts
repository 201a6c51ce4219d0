/** A content type without its parameters, in lower case; empty where there is none. */
export function mediaType(contentType: string | null | undefined): string {
  return (contentType ?? "").replace(/;.*$/s, "").trim().toLowerCase();
}
