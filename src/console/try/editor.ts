import {
  autocompletion,
  type Completion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { bracketMatching, HighlightStyle, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { type Diagnostic, linter, lintKeymap } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { jsonCompletions } from "./json-completions.ts";
import { jsonProblems } from "./json-problems.ts";
import type { JsonShape } from "./json-shape.ts";

/** An editor of JSON that knows the message to write. */
export interface EditorOptions {
  /**
   * Where the editor goes. A shadow root: it takes the styles of the editor as constructed style sheets, which a
   * strict Content-Security-Policy allows.
   */
  readonly root: ShadowRoot;
  readonly text: string;
  readonly label: string;
  readonly shape: JsonShape;
  /** Says what is wrong with a text that parses and fits the shape. Undefined: nothing. */
  readonly finalCheck: (text: string) => string | undefined;
  readonly onChange: (text: string) => void;
  /** Ctrl+Enter, or Cmd+Enter. */
  readonly onSubmit: () => void;
}

const theme = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "13px", maxHeight: "60vh" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-1px" },
  ".cm-content": {
    fontFamily: "var(--mono)",
    padding: "10px 4px",
    minHeight: "160px",
    caretColor: "var(--text)",
  },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-selectionBackground, &.cm-focused .cm-selectionBackground": {
    background: "var(--accent-soft) !important",
  },
  ".cm-matchingBracket": { background: "var(--accent-soft) !important", color: "inherit" },
  ".cm-tooltip": {
    color: "var(--text)",
    background: "var(--surface)",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
  },
  ".cm-tooltip-autocomplete > ul > li": { padding: "3px 8px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent-fill)", color: "#ffffff" },
  ".cm-completionDetail": { color: "var(--muted)", marginLeft: "12px" },
  "li[aria-selected] .cm-completionDetail": { color: "#ffffff" },
  ".cm-completionInfo": { padding: "6px 10px", maxWidth: "280px" },
  // The wavy line of the base theme is an image at a data: URL, which the policy of the page forbids.
  ".cm-lintRange": { backgroundImage: "none", textDecoration: "underline wavy var(--red) 1px" },
  ".cm-lintRange-error": { backgroundImage: "none" },
  ".cm-diagnostic": { fontFamily: "system-ui, sans-serif", padding: "4px 10px" },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--accent)" },
  { tag: tags.string, color: "var(--green)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--violet)" },
]);

/** Opens an editor. The caller destroys it. */
export function openEditor(options: EditorOptions): EditorView {
  const { root, shape } = options;
  const submit = keymap.of([
    {
      key: "Mod-Enter",
      run: () => {
        options.onSubmit();
        return true;
      },
    },
  ]);
  return new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        Prec.highest(submit),
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        json(),
        syntaxHighlighting(colours),
        autocompletion({
          override: [(context) => complete(context.state, context.pos, context.explicit, shape)],
        }),
        linter((view) => lint(view.state, options), { delay: 300 }),
        keymap.of([
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          ...completionKeymap,
          ...lintKeymap,
        ]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": options.label }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) {
            options.onChange(update.state.doc.toString());
          }
        }),
        theme,
      ],
    }),
  });
}

function complete(state: EditorState, position: number, isExplicit: boolean, shape: JsonShape) {
  const found = jsonCompletions(syntaxTree(state), state.doc.toString(), position, shape);
  if (found === undefined || (!isExplicit && found.from === found.to)) {
    return null;
  }
  const isQuoted = state.sliceDoc(found.from, found.from + 1) === '"';
  return {
    // The quote is not part of the text that narrows the choice.
    from: isQuoted ? Math.min(found.from + 1, position) : found.from,
    options: found.choices.map(
      ({ label, text, detail, info }): Completion => ({
        label,
        detail,
        ...(info === "" ? {} : { info }),
        apply: (view) => {
          view.dispatch({
            changes: {
              from: found.from,
              to: Math.max(found.to, view.state.selection.main.head),
              insert: text,
            },
            selection: { anchor: found.from + cursorIn(text) },
          });
        },
      }),
    ),
    filter: true,
  };
}

/** Inside of the quotes or brackets that a choice ends with, else behind it. */
function cursorIn(text: string): number {
  return /(: ""|\{\}|\[\])$/.test(text) ? text.length - 1 : text.length;
}

function lint(state: EditorState, { shape, finalCheck }: EditorOptions): Diagnostic[] {
  const text = state.doc.toString();
  if (text.trim() === "") {
    return [];
  }
  const syntax = jsonParseLinter()({ state } as EditorView);
  if (syntax.length > 0) {
    return [...syntax];
  }
  const problems = jsonProblems(syntaxTree(state), text, shape);
  if (problems.length > 0) {
    return problems.map((problem) => ({ ...problem, severity: "error" }));
  }
  const message = finalCheck(text);
  return message === undefined ? [] : [{ from: 0, to: state.doc.line(1).to, severity: "error", message }];
}
