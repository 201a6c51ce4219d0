import { expect, it } from "vitest";
import { encodeGrpcMessage } from "../../src/wire/grpc-message.ts";

it.each([
  ["plain: text, (with) 'signs' + more!", "plain: text, (with) 'signs' + more!"],
  ["100 %", "100 %25"],
  ["ü 🦊", "%C3%BC %F0%9F%A6%8A"],
  ["a\r\nb\x00\x7f", "a%0D%0Ab%00%7F"],
  [" spaces ", "%20spaces%20"],
  ["half a \ud83e pair", "half a %EF%BF%BD pair"],
])("encodes %j", (message, encoded) => {
  expect(encodeGrpcMessage(message)).toBe(encoded);
  expect(decodeURIComponent(encoded)).toBe(message.toWellFormed());
});
