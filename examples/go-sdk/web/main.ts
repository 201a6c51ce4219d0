import { createTransport } from "restate-connect/web";
import { createCandidatesClient } from "../gen/votes/v1/votes_restate.js";

// Straight to Restate, without an ingress. The Go SDK reads and writes JSON.
const transport = createTransport({
  baseUrl: "http://localhost:8080",
  protocol: "restate",
  format: "json",
  retry: true, // with an idempotency key: a vote counts once
});
const candidates = createCandidatesClient(transport);

for (const button of document.querySelectorAll("button")) {
  const candidate = candidates.key(button.name);
  const show = ({ count }: { count: bigint }): void => {
    button.textContent = `${button.name}: ${count}`;
  };
  button.addEventListener("click", async () => show(await candidate.vote()));
  show(await candidate.getVotes());
}
