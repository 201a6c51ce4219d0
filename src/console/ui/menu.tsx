import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface MenuProps {
  readonly title: ComponentChildren;
  /** Called when it opens. */
  readonly children: () => ComponentChildren;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
}

/** A button that opens a box below it. Escape, and a click elsewhere, close it. */
export function Menu({ title, children, isOpen, onToggle }: MenuProps) {
  const host = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) {
      return;
    }
    const onPointer = (event: Event): void => {
      if (event.target instanceof Node && host.current?.contains(event.target) !== true) {
        onToggle(false);
      }
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") {
        onToggle(false);
        button.current?.focus();
      }
    };
    document.addEventListener("pointerdown", onPointer);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPointer);
      document.removeEventListener("keydown", onKey);
    };
  }, [isOpen, onToggle]);
  return (
    <div class="menu" ref={host}>
      <button type="button" ref={button} aria-expanded={isOpen} onClick={() => onToggle(!isOpen)}>
        {title}
      </button>
      {isOpen ? <div class="menu-box">{children()}</div> : null}
    </div>
  );
}
