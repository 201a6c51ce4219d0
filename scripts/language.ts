/** A worn-out phrase, and plain words to use in its place. */
interface Phrase {
  readonly pattern: RegExp;
  readonly say: string;
}

/** A place where a text uses a worn-out phrase. Lines count from 1. */
export interface Finding {
  readonly line: number;
  readonly phrase: string;
  readonly say: string;
}

/** Phrases that a native reader stumbles on. The habits are in CONTRIBUTING.md. */
const phrases: readonly Phrase[] = [
  {
    pattern:
      /(?<!\bthere )\b(?:is|are|was|were|be|being|been) no\b(?! (?:longer|more|fewer|less|later|other)\b)/,
    say: "is not a …, does not …",
  },
  { pattern: /(?<!\bthere )\b(?:is|are|was|were|be|being|been) none\b/, say: "is not …; repeat the noun" },
  { pattern: /\bwho(?:ever|mever|soever)\b/, say: "name the person: a caller that …, anyone who …" },
  { pattern: /\bwhatever\b/, say: "any …, every …, regardless of …" },
  {
    pattern: /\bwhat (?:is|are|was|were) \w+ (?:is|are|was|were|has|have|goes|may|must|can|becomes)\b/,
    say: "a noun as the subject: errors in …, values that …",
  },
  { pattern: /\bshall\b/, say: "must, will" },
  { pattern: /\banew\b/, say: "again" },
  { pattern: /\bmend(?:s|ed|ing)?\b/, say: "fix" },
  {
    pattern: /\btells? (?:what|how|whether|of|where|which|when|its|more|nothing|nobody|it|so)\b/,
    say: "says, shows, reports, prints",
  },
  { pattern: /\b(?:told|tells?|says?) otherwise\b/, say: "by default" },
  { pattern: /\bof (?:theirs|ours|hers|yours|mine)\b/, say: "their …, our …" },
  { pattern: /\bnobody's\b/, say: "does not belong to any …" },
  { pattern: /\bas [\w.]+(?:'s)?(?: [\d.x]+)? ha(?:s|ve) it\b/, say: "in the form of …, as … defines it" },
  { pattern: /\bbeside\b/, say: "next to, besides, in addition to, with" },
  { pattern: /\bsome \d/, say: "about" },
  { pattern: /, for (?:it|they|there|nothing|nobody)\b/, say: "because" },
  { pattern: /\bamid\b/, say: "during" },
  { pattern: /\blest\b/, say: "so that … does not" },
  { pattern: /\bfor want of\b/, say: "because … is missing" },
  { pattern: /\bbe rid of\b/, say: "get rid of" },
  { pattern: /\bcom(?:es?|ing) along\b/, say: "is included" },
  { pattern: /\bworked off\b/, say: "worked through" },
  { pattern: /\bdo(?:es)? the \w+ run\?/, say: "is the … running?" },
  { pattern: /\bby the letter\b/, say: "literally" },
  { pattern: /\bput(?:s|ting)? up with\b/, say: "accept" },
  { pattern: /\ball else\b/, say: "everything else" },
  { pattern: /\bin the name of\b/, say: "on behalf of" },
  { pattern: /\bgets? about\b/, say: "leaks, becomes known" },
  { pattern: /\bgoes? by\b/, say: "uses, depends on" },
  { pattern: /\bwhere (?:it|they|one) stands?\b/, say: "its status" },
];

/** Finds worn-out phrases in the text of a program or a page. A phrase may continue on the next line. */
export function findPhrases(text: string): readonly Finding[] {
  const flat = joinLines(text);
  return phrases
    .flatMap(({ pattern, say }) =>
      [...flat.matchAll(acrossLines(pattern))].map(({ index, 0: phrase }) => ({
        line: text.slice(0, index).split("\n").length,
        phrase: phrase.replaceAll(/\s+/g, " "),
        say,
      })),
    )
    .sort((a, b) => a.line - b.line);
}

/** Replaces line breaks and the comment marks after them by spaces. Every other character keeps its offset. */
function joinLines(text: string): string {
  return text.replaceAll(/\n[ \t]*(?:\/{2,3}|\*(?!\/)|#+)?/g, (gap) => " ".repeat(gap.length));
}

function acrossLines({ source }: RegExp): RegExp {
  return new RegExp(source.replaceAll(" ", "\\s+"), "gi");
}
