import type { Socket } from "node:net";
import { startTimer } from "../../http/timer.ts";

/** What a client of HTTP/2 with prior knowledge sends first. No method of HTTP/1.1 begins like it. */
const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/**
 * Tells from the first bytes of a connection whether it speaks HTTP/2. The socket is then paused, with
 * these bytes to be read again.
 * A connection that does not say within the time, or that its client ends before, is destroyed.
 */
export function sniffHttp2(socket: Socket, timeoutMs: number, decide: (isHttp2: boolean) => void): void {
  let seen = Buffer.alloc(0);
  const timer = startTimer(timeoutMs, () => socket.destroy());

  function onData(chunk: Buffer): void {
    seen = Buffer.concat([seen, chunk]);
    const length = Math.min(seen.byteLength, preface.byteLength);
    const matches = seen.subarray(0, length).equals(preface.subarray(0, length));
    if (matches && length < preface.byteLength) {
      return;
    }
    release();
    socket.pause();
    socket.unshift(seen);
    decide(matches);
  }
  function onEnd(): void {
    socket.destroy();
  }
  function release(): void {
    clearTimeout(timer);
    socket.off("data", onData).off("end", onEnd).off("error", release).off("close", release);
  }
  socket.on("data", onData).on("end", onEnd).on("error", release).on("close", release);
}
