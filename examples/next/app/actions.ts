"use server";

import { redirect } from "next/navigation";
import { createReportsClient } from "../gen/reports/v1/reports_restate.js";
import { transport } from "../lib/restate";

/** Sends, and goes to the page of the invocation. A form that is submitted twice has one key, and orders once. */
export async function orderReport(form: FormData): Promise<void> {
  const sent = await createReportsClient(transport).send.write(
    { topic: String(form.get("topic")) },
    { idempotencyKey: String(form.get("key")) },
  );
  redirect(`/reports/${sent.id}`);
}
