import { useState } from "preact/hooks";
import { Icon } from "./icon.tsx";

interface CopyButtonProps {
  /** What is copied, for people: "Copy" is put in front. */
  readonly what: string;
  readonly text: string;
}

/** Copies text to the clipboard, and says so. */
export function CopyButton({ what, text }: CopyButtonProps) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      setState("failed"); // browsers copy on HTTPS and on this machine only
    }
    window.setTimeout(() => setState("idle"), 1_500);
  };
  return (
    <button type="button" class="copy" onClick={() => void copy()}>
      <Icon name={state === "copied" ? "check" : "copy"} />
      <span>{state === "failed" ? "Cannot copy" : what}</span>
      <span class="visually-hidden" role="status">
        {state === "copied" ? `Copied ${what}` : ""}
      </span>
    </button>
  );
}
