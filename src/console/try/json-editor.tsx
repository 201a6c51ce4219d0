import { useEffect, useRef, useState } from "preact/hooks";
import { ErrorNote } from "../ui/notes.tsx";
import type { EditorOptions } from "./editor.ts";

type JsonEditorProps = Omit<EditorOptions, "root">;

/** The editor, loaded when it is first shown. A new `text` needs a new `key`. */
export function JsonEditor(props: JsonEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    let close = (): void => {};
    let isOpen = true;
    const open = async (): Promise<void> => {
      const { openEditor } = await import("./editor.ts");
      if (host.current === null || !isOpen) {
        return;
      }
      const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: "open" });
      const view = openEditor({
        ...latest.current,
        root,
        onChange: (text) => latest.current.onChange(text),
        onSubmit: () => latest.current.onSubmit(),
      });
      close = () => view.destroy();
    };
    open().catch(setFailure);
    return () => {
      isOpen = false;
      close();
    };
  }, []);
  return failure === undefined ? <div class="editor" ref={host} /> : <ErrorNote error={failure} />;
}
