/**
 * Puts sections into their places in a page: between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`. Places
 * without a section stay as they are.
 *
 * @throws Error when the page has no place for a section.
 */
export function fillPage(page: string, sections: ReadonlyMap<string, string>): string {
  let filled = page;
  for (const [name, text] of sections) {
    const [start, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
    const [from, to] = [filled.indexOf(start), filled.indexOf(end)];
    if (from < 0 || to < from) {
      throw new Error(`the page has no place for ${name}: add ${start} and ${end}`);
    }
    filled = `${filled.slice(0, from + start.length)}\n\n${text}\n\n${filled.slice(to)}`;
  }
  return filled;
}
