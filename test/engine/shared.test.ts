import { Code } from "@connectrpc/connect";
import { expect, test } from "vitest";
import type { ServiceHandlers } from "../../src/engine/engine.ts";
import type { HandlerKind } from "../../src/model/handler-kind.ts";
import {
  bytes,
  gate,
  keyed,
  startEngine,
  type TextHandler,
  temporaryDirectory,
  textService,
  told,
  until,
} from "./support.ts";

function objectService(handlers: Readonly<Record<string, TextHandler>>): ServiceHandlers {
  const handlerKinds = new Map<string, HandlerKind>([
    ["Hold", "exclusive"],
    ["Look", "shared"],
  ]);
  return { ...textService("Object", "object", handlers), handlerKinds };
}

function workflowService(handlers: Readonly<Record<string, TextHandler>>): ServiceHandlers {
  const handlerKinds = new Map<string, HandlerKind>([
    ["Run", "run"],
    ["Look", "shared"],
  ]);
  return { ...textService("Flow", "workflow", handlers), handlerKinds };
}

const hold = (key: string) => keyed("Object", "Hold", key);
const look = (key: string) => keyed("Object", "Look", key);
const run = (id: string) => keyed("Flow", "Run", id);

/** An object whose exclusive handler ends when its shared one has run as often as it says. */
async function objectThatWaits(looksNeeded: number) {
  const { opened, open } = gate();
  let looks = 0;
  return await startEngine([
    objectService({
      Hold: async () => {
        await opened;
        return "held";
      },
      Look: (input, { target }) => {
        looks += 1;
        if (looks === looksNeeded) {
          open();
        }
        return `${target.key} ${input}`;
      },
    }),
  ]);
}

test.each([
  ["calls", "calls"],
  ["calls", "sends"],
  ["sends", "calls"],
  ["sends", "sends"],
])("while exclusive %s hold a key, shared %s of it run", async (held, looked) => {
  const engine = await objectThatWaits(3);
  const holding =
    held === "calls"
      ? engine.call(hold("a"), bytes(""))
      : engine.send(hold("a"), bytes("")).then(async ({ id }) => ({ outcome: await engine.attach(id) }));
  for (const input of ["1", "2", "3"]) {
    if (looked === "calls") {
      const { outcome } = await engine.call(look("a"), bytes(input));
      expect(told(outcome)).toBe(`a ${input}`);
    } else {
      const { id } = await engine.send(look("a"), bytes(input));
      expect(told(await engine.attach(id))).toBe(`a ${input}`);
    }
  }
  expect(told((await holding).outcome)).toBe("held");
});

test("a delayed shared send waits for its time and for no turn", async () => {
  const engine = await objectThatWaits(1);
  const holding = engine.send(hold("a"), bytes(""));
  const { id } = await engine.send(look("a"), bytes("late"), { delayMs: 20 });
  expect(told(await engine.attach(id))).toBe("a late");
  expect(told(await engine.attach((await holding).id))).toBe("held");
});

test("exclusive handlers run one at a time even next to shared handlers", async () => {
  let inside = 0;
  let most = 0;
  const engine = await startEngine([
    objectService({
      Hold: async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 1));
        inside -= 1;
        return "";
      },
      Look: () => "",
    }),
  ]);
  const calls = Array.from({ length: 20 }, () => [
    engine.call(hold("a"), bytes("")),
    engine.call(look("a"), bytes("")),
    engine.send(hold("a"), bytes("")).then(({ id }) => engine.attach(id)),
    engine.send(look("a"), bytes("")).then(({ id }) => engine.attach(id)),
  ]).flat();
  await Promise.all(calls);
  expect(most).toBe(1);
});

test("a workflow runs once for each id, and its first input counts", async () => {
  const inputs: string[] = [];
  const engine = await startEngine([
    workflowService({
      Run: (input) => {
        inputs.push(input);
        return `ran ${input}`;
      },
    }),
  ]);
  const first = await engine.send(run("w"), bytes("1"));
  const second = await engine.send(run("w"), bytes("2"));
  expect(second).toEqual({ id: first.id, duplicate: true });
  expect(told(await engine.attach(second.id))).toBe("ran 1");
  expect((await engine.send(run("other"), bytes("3"))).duplicate).toBe(false);
  await until(() => inputs.length === 2);
  expect(inputs).toEqual(["1", "3"]);
});

test("only the first call of a workflow's run has its answer", async () => {
  const engine = await startEngine([workflowService({ Run: (input) => `ran ${input}` })]);
  const { id, outcome } = await engine.call(run("w"), bytes("1"));
  expect(told(outcome)).toBe("ran 1");
  await expect(engine.call(run("w"), bytes("2"))).rejects.toMatchObject({
    code: Code.Aborted,
    rawMessage: "the workflow method was already invoked",
  });
  expect(await engine.lookup({ service: "Flow", id: "w" })).toBe(id);
});

test("a workflow's shared handlers run next to its run, which survives a restart", async () => {
  const path = temporaryDirectory();
  const { opened, open } = gate();
  const begun = gate();
  const flow = workflowService({
    Run: async () => {
      begun.open();
      await opened;
      return "done";
    },
    Look: (input, { target }) => `${target.key} ${input}`,
  });
  const before = await startEngine([flow], { path });
  const { id } = await before.send(run("w"), bytes(""));
  await begun.opened;
  const { outcome } = await before.call(keyed("Flow", "Look", "w"), bytes("1"));
  expect(told(outcome)).toBe("w 1");
  await before.close({ drainMs: 0 });

  const after = await startEngine([flow], { path });
  expect(await after.lookup({ service: "Flow", id: "w" })).toBe(id);
  expect((await after.send(run("w"), bytes("again"))).duplicate).toBe(true);
  open();
  expect(told(await after.attach(id))).toBe("done");
});

test("the run of a service that is not a workflow cannot be looked up", async () => {
  const engine = await startEngine([objectService({ Look: () => "" })]);
  await expect(engine.lookup({ service: "Object", id: "a" })).rejects.toMatchObject({
    code: Code.NotFound,
  });
});
