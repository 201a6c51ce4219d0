import { connect, type Socket } from "node:net";

/** Makes the same request again and again, over connections that are kept. */
export interface RawHttp {
  /** Resolves with the number of bytes in the body, once they are all there. Rejects unless the status is 2xx. */
  request(): Promise<number>;
  close(): void;
}

/**
 * A client that does as little as HTTP/1.1 allows, so that it is not the limit of what is measured: the
 * request is bytes made beforehand, and of an answer it reads only the status and the length.
 */
export function openRawHttp1(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): RawHttp {
  const { hostname, port, pathname, host } = new URL(url);
  const lines = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    `content-length: ${body.length}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  const bytes = Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), body]);
  const all: Connection[] = [];
  const free: Connection[] = [];
  const open = (): Connection => {
    const connection = new Connection(connect({ host: hostname, port: Number(port), noDelay: true }));
    all.push(connection);
    return connection;
  };
  return {
    request: async () => {
      const connection = free.pop() ?? open();
      const length = await connection.exchange(bytes);
      free.push(connection);
      return length;
    },
    close: () => {
      for (const { socket } of all) {
        socket.destroy();
      }
    },
  };
}

/** The start of an answer, and how its body ends. */
interface Head {
  readonly isOk: boolean;
  readonly bytes: number;
  /** Undefined: the body comes in chunks. */
  readonly length: number | undefined;
}

class Connection {
  readonly socket: Socket;
  #waiting: PromiseWithResolvers<number> | undefined;
  #received = "";
  #head: Head | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#receive(chunk));
    socket.on("error", (error) => this.#waiting?.reject(error));
    socket.on("close", () => this.#waiting?.reject(new Error("the server closed the connection")));
  }

  exchange(request: Buffer): Promise<number> {
    this.#waiting = Promise.withResolvers();
    this.socket.write(request);
    return this.#waiting.promise;
  }

  #receive(chunk: string): void {
    this.#received += chunk;
    this.#head ??= readHead(this.#received);
    const length = this.#head && readBodyLength(this.#received, this.#head);
    if (length === undefined) {
      return;
    }
    const [isOk, answer] = [this.#head?.isOk, this.#received];
    this.#received = "";
    this.#head = undefined;
    if (isOk) {
      this.#waiting?.resolve(length);
    } else {
      this.#waiting?.reject(new Error(`the server answered ${answer}`));
    }
  }
}

/** Undefined while it is not complete. */
function readHead(received: string): Head | undefined {
  const end = received.indexOf("\r\n\r\n");
  if (end < 0) {
    return undefined;
  }
  const text = received.slice(0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  return {
    isOk: text.startsWith("2", 9),
    bytes: end + 4,
    length: length === undefined ? undefined : Number(length),
  };
}

/** The size of the body; undefined while it is not complete. */
function readBodyLength(received: string, head: Head): number | undefined {
  if (head.length !== undefined) {
    return received.length < head.bytes + head.length ? undefined : head.length;
  }
  let length = 0;
  for (let at = head.bytes; ; ) {
    const line = received.indexOf("\r\n", at);
    const size = line < 0 ? 0 : Number.parseInt(received.slice(at, line), 16);
    at = line + 4 + size;
    if (line < 0 || received.length < at) {
      return undefined;
    }
    if (size === 0) {
      return length;
    }
    length += size;
  }
}
