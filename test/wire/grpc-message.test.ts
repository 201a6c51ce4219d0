import { expect, it } from "vitest";
import { decodeGrpcMessage, encodeGrpcMessage } from "../../src/wire/grpc-message.ts";

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

it.each([
  ["50%25 of 90% full", "50% of 90% full"],
  ["K%C3%B6ln is 100% full", "Köln is 100% full"],
  ["%FF stays, %41 does not", "%FF stays, A does not"],
  [Buffer.from("東京 %C3%B6").toString("latin1"), "東京 ö"],
  ["K\xf6ln", "K\xf6ln"],
])("decodes %j", (value, message) => {
  expect(decodeGrpcMessage(value)).toBe(message);
});
