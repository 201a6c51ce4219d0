import { describe, expect, it } from "vitest";
import { areTrailersOk, decodeTrailers, encodeTrailers } from "../../src/wire/grpc-web-trailers.ts";

const bytes = (text: string, encoding: BufferEncoding) => Uint8Array.from(Buffer.from(text, encoding));

describe("decodeTrailers", () => {
  it("reads what encodeTrailers wrote", () => {
    const trailers = { "grpc-status": "0", "x-city": "Köln" };
    expect(Object.fromEntries(decodeTrailers(encodeTrailers(Object.entries(trailers))))).toEqual(trailers);
  });

  it.each(["latin1", "utf8"] as const)("reads values in %s", (encoding) => {
    const trailers = decodeTrailers(bytes("grpc-status: 0\r\nx-city: Köln\r\n", encoding));
    expect(Object.fromEntries(trailers)).toEqual({ "grpc-status": "0", "x-city": "Köln" });
  });

  it("keeps the bytes of UTF-8 that no header can hold", () => {
    const trailers = decodeTrailers(bytes("grpc-status: 0\r\nx-city: 東京\r\n", "utf8"));
    expect(trailers.get("grpc-status")).toBe("0");
    expect(Buffer.from(trailers.get("x-city") ?? "", "latin1").toString()).toBe("東京");
  });

  it("reads a message in raw UTF-8", () => {
    const trailers = decodeTrailers(bytes("grpc-status: 5\r\ngrpc-message: 東京 is 100% full\r\n", "utf8"));
    expect(trailers.get("grpc-message")).toBe("%E6%9D%B1%E4%BA%AC is 100% full");
  });

  it("reads lines that end with LF alone, and the last one without any", () => {
    const trailers = decodeTrailers(bytes("GRPC-Status:0\nx-a:  b \nx-c: d", "latin1"));
    expect(Object.fromEntries(trailers)).toEqual({ "grpc-status": "0", "x-a": "b", "x-c": "d" });
  });

  it("leaves out a line that is not a header", () => {
    const trailers = decodeTrailers(
      bytes("x a: 1\r\nno colon\r\nx-b: a\0b\r\n: c\r\ngrpc-status: 0\r\n", "latin1"),
    );
    expect(Object.fromEntries(trailers)).toEqual({ "grpc-status": "0" });
  });
});

describe("areTrailersOk", () => {
  it.each(["grpc-status: 0\r\n", "GRPC-Status:0\nx-a: b\n", "x-a: 1\r\ngrpc-status: 0"])(
    "is true for %j",
    (text) => {
      expect(areTrailersOk(bytes(text, "latin1"))).toBe(true);
    },
  );

  it.each([
    "",
    "x-a: b\r\n",
    "grpc-status: 5\r\n",
    "grpc-status: 0\r\ngrpc-status: 5\r\n",
    "grpc-status: 0\r\ngrpc-status-details-bin: AA\r\n",
  ])("is false for %j", (text) => {
    expect(areTrailersOk(bytes(text, "latin1"))).toBe(false);
  });
});
