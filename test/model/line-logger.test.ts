import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type LogFormat, lineLogger } from "../../src/model/line-logger.ts";
import type { LogFields } from "../../src/model/logger.ts";

/** What a logger writes for one warning. */
function written(format: LogFormat, message: string, fields?: LogFields): string {
  let lines = "";
  lineLogger({ format, write: (text) => (lines += text) }).warn(message, fields);
  return lines;
}

/** Everything a terminal or a line reader could take for more than text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/;
const hostile = "x\n2026-01-01T00:00:00.000Z ERROR forged\r\u001b[2J\u009b2J\u2028\u202e\u0000";

describe("lineLogger", () => {
  it.each([
    [undefined, false, ["INFO", "WARN", "ERROR"]],
    ["debug", true, ["DEBUG", "INFO", "WARN", "ERROR"]],
    ["info", false, ["INFO", "WARN", "ERROR"]],
    ["warn", false, ["WARN", "ERROR"]],
    ["error", false, ["ERROR"]],
  ] as const)("at level %s writes what is as important", (level, isDebugEnabled, written) => {
    const lines: string[] = [];
    const logger = lineLogger({ level, write: (line) => lines.push(line) });
    for (const name of ["debug", "info", "warn", "error"] as const) {
      logger[name]("entry");
    }
    expect(lines.map((line) => line.split(/\s+/)[1])).toEqual(written);
    expect(logger.isDebugEnabled?.()).toBe(isDebugEnabled);
  });

  it("writes time, level, message and fields on one line", () => {
    expect(
      written("text", "an attempt failed", { method: "a.B/C", attempt: 2, why: "no disk", not: undefined }),
    ).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARN {2}an attempt failed method=a\.B\/C attempt=2 why="no disk"\n$/,
    );
  });

  it("writes the frames of an error and of its causes, each on an indented line", () => {
    const error = new Error("outer", { cause: new TypeError("inner") });
    const [first, ...rest] = written("text", "failed", { error }).trimEnd().split("\n");
    expect(first).toMatch(/ failed error="Error: outer"$/);
    expect(rest.filter((line) => !line.startsWith("    at "))).toEqual(["  caused by TypeError: inner"]);
  });

  it.each(["text", "json"] as const)("leaves out frames of Node and of this package, as %s", (format) => {
    const own = new URL("../../src/engine/embedded/engine.js", import.meta.url);
    const error = new Error("failed (twice)");
    error.stack = [
      String(error),
      "    at pay (file:///home/pete/shop.ts:3:92)",
      `    at runHandler (${own}:21:49)`,
      `    at ${fileURLToPath(own)}:38:78`,
      "    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)",
      "    at async charge (/home/pete/node_modules/src/model/pay.js:1:1)",
      `    at async Promise.all (index 0)`,
      `    at async ${own}:1:2`,
    ].join("\n");
    const text = written(format, "failed", { error });
    const kept = ["shop.ts:3:92", "pay.js:1:1", "Promise.all"];
    expect(text.match(/shop\.ts:3:92|runHandler|engine\.js|node:|pay\.js:1:1|Promise\.all/g)).toEqual(kept);
  });

  it("keeps the frames of an error that is of this package only", () => {
    const frame = `at runHandler (${new URL("../../src/engine/engine.js", import.meta.url)}:21:49)`;
    const error = new Error("our fault");
    error.stack = `${error}\n    ${frame}\n    at node:internal/x:1:1`;
    expect(written("text", "failed", { error }).trimEnd().split("\n").slice(1)).toEqual([
      `    ${frame}`,
      "    at node:internal/x:1:1",
    ]);
  });

  it("writes one JSON object a line, its own names before fields of the same name", () => {
    const error = new Error("outer", { cause: new TypeError("inner") });
    const line = written("json", "failed", { attempt: 2, big: 2n ** 64n, level: "no", error });
    expect(line.indexOf("\n")).toBe(line.length - 1);
    expect(JSON.parse(line)).toEqual({
      time: expect.stringMatching(/^\d{4}-/),
      level: "warn",
      message: "failed",
      attempt: 2,
      big: "18446744073709551616",
      error: {
        message: "Error: outer",
        stack: expect.arrayContaining([expect.stringMatching(/^at /)]),
        cause: { message: "TypeError: inner", stack: expect.anything() },
      },
    });
  });

  it.each<[string, LogFields]>([
    ["a field", { key: hostile }],
    ["a field's name", { [hostile]: 1 }],
    ["an error's message", { error: new Error(hostile) }],
    ["an error that looks like its own frames", { error: new Error(`x\n    at forged (${hostile})`) }],
    ["a cause", { error: new Error("x", { cause: new Error(hostile) }) }],
  ])("lets no control character of %s into a line", (_, fields) => {
    const text = written("text", "failed", fields);
    const lines = text.trimEnd().split("\n");
    expect(lines.filter((line) => controls.test(line))).toEqual([]);
    expect(
      lines.slice(1).filter((line) => line.includes("forged") && !line.startsWith("  caused by")),
    ).toEqual([]);
    const json = written("json", "failed", fields);
    expect(json.trimEnd()).not.toMatch(controls);
    expect(() => JSON.parse(json)).not.toThrow();
  });

  it("lets no control character of a message into a line", () => {
    expect(written("text", hostile).trimEnd()).not.toMatch(controls);
  });

  it("cuts texts that are too long for a line", () => {
    const line = written("text", "failed", { error: new Error("9".repeat(30_000_000)) });
    expect(line.length).toBeLessThan(10_000);
  });

  it("shows values that have no text, and leaves debug out", () => {
    const symbolic = Object.create(null) as unknown;
    expect(written("text", "failed", { symbolic })).toContain(
      'symbolic="a value that cannot be shown as text"',
    );
    let lines = "";
    lineLogger({ write: (text) => (lines += text) }).debug("hidden");
    expect(lines).toBe("");
  });
});
