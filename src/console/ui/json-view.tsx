import { CodeBlock } from "./code-block.tsx";

/** Above this length, characters, JSON is shown without colours. */
const maxColoured = 200_000;

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|\b(?:true|false|null)\b)/g;

/** JSON, with colours. It scrolls, also by keyboard. */
export function JsonView({ text, label }: { readonly text: string; readonly label: string }) {
  return <CodeBlock label={label}>{text.length > maxColoured ? text : coloured(text)}</CodeBlock>;
}

function coloured(text: string): preact.ComponentChildren[] {
  const parts: preact.ComponentChildren[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [whole, string, colon] = match;
    parts.push(text.slice(end, match.index));
    const kind = string === undefined ? "literal" : colon === undefined ? "string" : "name";
    parts.push(<span class={`json-${kind}`}>{string ?? whole}</span>, colon);
    end = match.index + whole.length;
  }
  return [...parts, text.slice(end)];
}
