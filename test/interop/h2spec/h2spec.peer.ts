import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startIngress } from "../../ingress/support.ts";
import { describeWith } from "../support/describe-with.ts";
import { goPrograms } from "../support/go.ts";
import { run } from "../support/run.ts";

/** Where h2spec and nghttp2, the HTTP/2 of Node, disagree. A bare server of `node:http2` fails in these cases too. */
const failuresOfNode: Readonly<Record<string, string>> = {
  "http2/5.1 #5":
    "now and then: DATA behind the end of the request come after the response, which closes the stream: see #11",
  "http2/5.1 #6": "now and then: HEADERS behind the end of the request, see #12",
  "http2/5.1 #8": "frames that follow a reset are ignored (RFC 9113, 5.1: a peer may still have sent them)",
  "http2/5.1 #9": "frames that follow a reset are ignored (RFC 9113, 5.1: a peer may still have sent them)",
  "http2/5.1 #11": "DATA on a closed stream is ignored, and counts for the window of the connection",
  "http2/5.1 #12": "HEADERS on a closed stream are ignored, as RFC 9113, 5.1 allows for a while",
  "http2/5.1.1 #2": "a stream with a smaller number than the last one is taken for closed, and ignored",
  "http2/5.3.1 #2": "priorities are ignored (RFC 9113, 5.3.2, has deprecated them)",
  "http2/6.1 #2": "now and then: DATA behind the end of the request, see http2/5.1 #11",
  "http2/6.3 #1": "priorities are ignored (RFC 9113, 5.3.2, has deprecated them)",
  "http2/6.7 #2": "a PING with ACK that answers no PING closes the connection",
  "http2/6.9.1 #3": "a window that is too large closes the connection, not only the stream",
};

/** Where the ingress differs on purpose. */
const ours: Readonly<Record<string, string>> = {
  "http2/3.5 #2":
    "the port speaks HTTP/1.1 too: another preface is a malformed request of that, and gets HTTP 400",
};

interface Case {
  readonly id: string;
  readonly name: string;
  readonly hasFailed: boolean;
}

/** The cases of a report, numbered as h2spec shows them. */
function casesOf(report: string): Case[] {
  const suites = report.match(/<testsuite [\s\S]*?<\/testsuite>/g) ?? [];
  return suites.flatMap((suite) =>
    [...suite.matchAll(/<testcase package="([^"]*)" classname="([^"]*)"[^>]*>([\s\S]*?)<\/testcase>/g)].map(
      ([, section = "", name = "", content = ""], index) => ({
        id: `${section} #${index + 1}`,
        name,
        hasFailed: /<(error|failure)>/.test(content),
      }),
    ),
  );
}

await describeWith("h2spec", goPrograms, ({ h2spec }) => {
  it("finds nothing in the ingress but what is Node's own, or on purpose", { timeout: 240_000 }, async () => {
    await using ingress = await startIngress();
    const folder = await mkdtemp(join(tmpdir(), "h2spec-"));
    try {
      const { hostname, port } = new URL(ingress.url);
      const report = join(folder, "report.xml");
      const path = "/org.example.Greeter/Greet";
      await run(h2spec, ["-h", hostname, "-p", port, "-P", path, "-o", "5", "-j", report]);
      const cases = casesOf(await readFile(report, "utf8"));
      expect(cases.length).toBeGreaterThan(140);
      const known = { ...failuresOfNode, ...ours };
      expect(cases.filter(({ id, hasFailed }) => hasFailed && known[id] === undefined)).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
