import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { expect, it } from "vitest";
import { GreetRequestSchema } from "../../generated/org/example/greeter_pb.ts";
import { readGrpcStatus } from "../../src/wire/grpc-status.ts";

it("reads the details that Connect-ES writes", () => {
  const value = { name: "Pete" };
  const sent = new ConnectError("no such güest", Code.NotFound, undefined, [
    { desc: GreetRequestSchema, value },
  ]);
  const error = readGrpcStatus(setTrailerStatus(new Headers(), sent));
  expect(error).toMatchObject({ code: Code.NotFound, rawMessage: "no such güest" });
  expect(error?.findDetails(GreetRequestSchema)).toEqual([create(GreetRequestSchema, value)]);
});

it("reads the status where its details cannot be read", () => {
  const headers = {
    "grpc-status": "5",
    "grpc-message": "no%20such guest",
    "grpc-status-details-bin": "////",
  };
  expect(readGrpcStatus(new Headers(headers))).toMatchObject({
    code: Code.NotFound,
    rawMessage: "no such guest",
  });
});

it.each([
  ["a success", { "grpc-status": "0" }, undefined],
  ["no status", {}, undefined],
  ["a code that does not exist", { "grpc-status": "99" }, Code.Internal],
])("reads %s", (_, headers, code) => {
  expect(readGrpcStatus(new Headers(headers))?.code).toBe(code);
});
