import type { ComponentChildren } from "preact";

interface CodeBlockProps {
  readonly label: string;
  readonly children: ComponentChildren;
}

/** Code in its own lines. Long ones scroll, also by keyboard. */
export function CodeBlock({ label, children }: CodeBlockProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="code-block" tabIndex={0} aria-label={label}>
      <pre>
        <code>{children}</code>
      </pre>
    </section>
  );
}
