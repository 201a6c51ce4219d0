/** What a header's value may hold in every version of HTTP: no control characters but tabs. */
const legal = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Whether all versions of HTTP carry this value. */
export function isLegalHeaderValue(value: string): boolean {
  return legal.test(value);
}
