import type { DescMethodUnary } from "@bufbuild/protobuf";
import { useState } from "preact/hooks";
import type { Server } from "../server.ts";
import { CodeBlock } from "../ui/code-block.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Menu } from "../ui/menu.tsx";
import { snippets } from "./snippets.ts";
import type { TryForm } from "./try-request.ts";

interface SnippetMenuProps {
  readonly method: DescMethodUnary;
  readonly form: TryForm;
  readonly server: Server;
}

/** The request as commands and code, to be copied. A token is not part of them. */
export function SnippetMenu({ method, form, server }: SnippetMenuProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Menu title="Copy as…" isOpen={isOpen} onToggle={setOpen}>
      {() => <SnippetList method={method} form={form} server={server} />}
    </Menu>
  );
}

function SnippetList({ method, form, server }: SnippetMenuProps) {
  try {
    const list = snippets(method, form, server.ingressUrl, server.registry);
    return (
      <ul class="snippets">
        {list.map(({ title, text }) => (
          <li key={title}>
            <CopyButton what={title} text={text} />
            <CodeBlock label={title}>{text}</CodeBlock>
          </li>
        ))}
      </ul>
    );
  } catch (reason) {
    return <p>{reason instanceof Error ? reason.message : String(reason)}</p>;
  }
}
