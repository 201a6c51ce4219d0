import type { Case } from "./case.ts";
import { awaits } from "./cases/awakeables.ts";
import { calls } from "./cases/calls.ts";
import { nested } from "./cases/handlers.ts";
import { idempotency } from "./cases/idempotency.ts";
import { keys } from "./cases/keys.ts";
import { management } from "./cases/management.ts";
import { objects } from "./cases/objects.ts";
import { sends } from "./cases/sends.ts";

/** The behaviour of every engine, in every protocol. */
export const cases: readonly Case[] = [
  ...calls,
  ...keys,
  ...objects,
  ...sends,
  ...idempotency,
  ...awaits,
  ...nested,
  ...management,
];
