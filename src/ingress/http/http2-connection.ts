import { constants, type ServerHttp2Session } from "node:http2";

/** How many requests of a connection HTTP/2 itself may refuse in a second. */
const maxRefused = 1_000;

/** Counts the streams of a connection of HTTP/2, and closes it when it is idle or goes on with refused requests. */
export class Http2Connection {
  readonly #session: ServerHttp2Session;
  readonly #idleTimeoutMs: number;
  readonly #timer: ReturnType<typeof setInterval>;
  #streams = 0;
  #seen = 0;
  #refusedBefore = 0;
  #isAsked = false;

  constructor(session: ServerHttp2Session, idleTimeoutMs: number) {
    this.#session = session;
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#timer = setInterval(() => this.#countRefused(), 1_000).unref();
    session.on("timeout", () => this.#onTimeout());
    session.setTimeout(idleTimeoutMs);
  }

  onStream(): void {
    this.#streams += 1;
    this.#seen += 1;
  }

  onStreamClose(): void {
    this.#streams -= 1;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /**
   * Closes a connection that has been silent and without streams for so long. One that waits for an outcome is
   * not idle, however silent: its client is asked for a sign of life, and has as long again to give it.
   */
  #onTimeout(): void {
    if (this.#streams === 0) {
      this.#session.close();
    } else if (this.#isAsked) {
      this.#session.destroy();
    } else {
      this.#isAsked = this.#session.ping(() => {
        this.#isAsked = false;
      });
    }
    this.#session.setTimeout(this.#idleTimeoutMs);
  }

  /**
   * Destroys a connection that goes on sending requests whose headers are beyond the limits. Node resets these
   * by itself without an event, but must still decode them: a small request may stand for megabytes that the
   * connection has sent before (HPACK). They are counted by their stream ids: clients use every other id, and
   * no handler has seen these.
   */
  #countRefused(): void {
    const begun = Math.ceil((this.#session.state.lastProcStreamID ?? 0) / 2);
    const refused = begun - this.#seen;
    if (refused - this.#refusedBefore > maxRefused) {
      this.#session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    }
    this.#refusedBefore = refused;
  }
}
