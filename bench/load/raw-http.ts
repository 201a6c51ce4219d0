import { connect, type Socket } from "node:net";

/** Makes one and the same request again and again, over connections that are kept. */
export interface RawHttp {
  /** Resolves once the whole answer is there; rejects for any status but 2xx. */
  request(): Promise<void>;
  close(): void;
}

/**
 * A client that does as little as HTTP/1.1 allows, so that it is not the limit of what is measured: the
 * request is bytes made beforehand, of the answer only status and length are looked at.
 */
export function openRawHttp(
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
  const all: Socket[] = [];
  const free: Connection[] = [];
  const open = (): Connection => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    all.push(socket);
    return connection(socket);
  };
  return {
    request: async () => {
      const one = free.pop() ?? open();
      await one.exchange(bytes);
      free.push(one);
    },
    close: () => {
      for (const socket of all) {
        socket.destroy();
      }
    },
  };
}

interface Connection {
  exchange(request: Buffer): Promise<void>;
}

function connection(socket: Socket): Connection {
  let waiting: PromiseWithResolvers<void> | undefined;
  let received = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    received += chunk;
    const end = lengthOfAnswer(received);
    if (end === undefined || received.length < end) {
      return;
    }
    const status = received.slice(9, 12);
    const answer = received;
    received = "";
    if (status.startsWith("2")) {
      waiting?.resolve();
    } else {
      waiting?.reject(new Error(`the server answered ${answer}`));
    }
  });
  socket.on("error", (error) => waiting?.reject(error));
  socket.on("close", () => waiting?.reject(new Error("the server closed the connection")));
  return {
    exchange: (request) => {
      waiting = Promise.withResolvers();
      socket.write(request);
      return waiting.promise;
    },
  };
}

/** Undefined while the headers are not complete. */
function lengthOfAnswer(text: string): number | undefined {
  const end = text.indexOf("\r\n\r\n");
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  return end < 0 ? undefined : end + 4 + Number(length);
}
