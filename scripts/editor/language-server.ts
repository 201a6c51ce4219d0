import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";

/** A place in a file: line and column from zero. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** An error or warning of the compiler. */
export interface Diagnostic {
  readonly range: { readonly start: Position };
  readonly code?: number | string;
  readonly message: string;
}

/** The language server of a project, as editors start it. */
export interface LanguageServer extends AsyncDisposable {
  /** Opens a file with this text, as an editor with unsaved changes does. */
  open(path: string, text: string): void;
  /** The Markdown that an editor shows for this place; empty for nothing. */
  hover(path: string, position: Position): Promise<string>;
  /** What an editor underlines. */
  diagnostics(path: string): Promise<readonly Diagnostic[]>;
}

/** Starts the TypeScript language server of the repository (`tsc --lsp --stdio`). */
export async function languageServer(root: string): Promise<LanguageServer> {
  const child = spawn(`${root}/node_modules/.bin/tsc`, ["--lsp", "--stdio"], {
    cwd: root,
    stdio: ["pipe", "pipe", "ignore"], // its log
  });
  const { notify, ask } = connection(child);
  await ask("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(root).href,
    capabilities: {
      textDocument: { hover: { contentFormat: ["markdown"] }, diagnostic: {} },
    },
  });
  notify("initialized", {});
  const documentOf = (path: string) => ({ textDocument: { uri: pathToFileURL(path).href } });
  return {
    open(path, text) {
      const { uri } = documentOf(path).textDocument;
      notify("textDocument/didOpen", { textDocument: { uri, languageId: "typescript", version: 1, text } });
    },
    async hover(path, position) {
      const found = (await ask("textDocument/hover", { ...documentOf(path), position })) as {
        readonly contents: { readonly value: string };
      } | null;
      return found?.contents.value ?? "";
    },
    async diagnostics(path) {
      const { items } = (await ask("textDocument/diagnostic", documentOf(path))) as {
        readonly items: readonly Diagnostic[];
      };
      return items;
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, "exit");
      await ask("shutdown");
      notify("exit");
      await exited;
    },
  };
}

/** JSON-RPC over the standard streams: each message after a header with its length. */
function connection({ stdin, stdout }: ChildProcess) {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let received = Buffer.alloc(0);
  let nextId = 0;
  const write = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  stdout?.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let message = take(); message !== undefined; message = take()) {
      answer(message);
    }
  });

  function take(): Message | undefined {
    const end = received.indexOf("\r\n\r\n");
    const length = Number(/Content-Length: (\d+)/i.exec(received.toString("latin1", 0, end))?.[1]);
    if (end === -1 || received.length < end + 4 + length) {
      return undefined;
    }
    const body = received.toString("utf8", end + 4, end + 4 + length);
    received = received.subarray(end + 4 + length);
    return JSON.parse(body) as Message;
  }

  function answer({ id, method, result, error }: Message): void {
    if (method !== undefined) {
      if (id !== undefined) {
        write({ id, result: null }); // It asks for settings of the editor, and gets none.
      }
      return;
    }
    const asked = waiting.get(Number(id));
    waiting.delete(Number(id));
    if (error === undefined) {
      asked?.resolve(result);
    } else {
      asked?.reject(new Error(`the language server answered: ${error.message}`));
    }
  }

  return {
    notify: (method: string, params?: object) => write({ method, params }),
    ask(method: string, params?: object): Promise<unknown> {
      const asked = Promise.withResolvers<unknown>();
      nextId += 1;
      waiting.set(nextId, asked);
      write({ id: nextId, method, params });
      return asked.promise;
    },
  };
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}
