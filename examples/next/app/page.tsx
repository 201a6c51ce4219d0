import { connection } from "next/server";
import { orderReport } from "./actions";

export default async function Page() {
  await connection(); // renders for each request: a static page would give everybody the same key
  return (
    <form action={orderReport}>
      <input type="hidden" name="key" value={crypto.randomUUID()} />
      <input name="topic" placeholder="topic" required />
      <button type="submit">Order a report</button>
    </form>
  );
}
