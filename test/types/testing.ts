// The types of restate-connect/testing. The project's tsc compiles this file; nothing runs it.
import type { Invocation } from "restate-connect";
import { createTestEnvironment, createTestTransport } from "restate-connect/testing";
import { type AddRequest, type AddResponse, Counter } from "../../generated/org/example/counter_pb.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(...equal: Same<A, B> extends true ? [] : [never]): void;

export async function environment(): Promise<void> {
  await using env = await createTestEnvironment({ services: [] });
  const [send] = env.sends(Counter.method.add);
  same<NonNullable<typeof send>["message"], AddRequest>();
  same<NonNullable<typeof send>["invocation"], Invocation<AddResponse>>();
  const [reset] = env.sends(Counter.method.reset);
  same<NonNullable<typeof reset>["invocation"], Invocation<void>>();
  // @ts-expect-error: not a part of a duration
  await env.advance({ fortnights: 1 });
}

export function transport(): void {
  const answered = createTestTransport().answer(Counter, {
    add({ value }, { key }) {
      same<typeof value, bigint>();
      same<typeof key, string | undefined>();
      return { value };
    },
    reset() {},
  });
  const [call] = answered.calls(Counter.method.add);
  same<NonNullable<typeof call>["message"], AddRequest>();
  // @ts-expect-error: value is a bigint
  answered.answer(Counter, { get: () => ({ value: "1" }) });
  // @ts-expect-error: Counter has no such method
  answered.answer(Counter, { subtract: () => ({}) });
}
