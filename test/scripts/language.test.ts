import { describe, expect, it } from "vitest";
import { findPhrases } from "../../scripts/language.ts";
import { run } from "../support/command.ts";
import { repository } from "../support/markdown.ts";

describe("findPhrases", () => {
  it.each([
    ["the port is no number", "is no"],
    ["It was none of these.", "was none"],
    ["Whoever calls it", "Whoever"],
    ["fails whatever the code is", "whatever"],
    ["what is wrong is printed", "what is wrong is"],
    ["it shall stop", "shall"],
    ["writes it anew", "anew"],
    ["names the mend", "mend"],
    ["the header tells how long", "tells how"],
    ["8080 unless told otherwise", "told otherwise"],
    ["a header of ours", "of ours"],
    ["as Restate 1.x has it", "as Restate 1.x has it"],
    ["the key travels beside it", "beside"],
    ["some 20 MB", "some 2"],
  ])("finds the phrase in %j", (text, phrase) => {
    expect(findPhrases(text)).toMatchObject([{ line: 1, phrase }]);
  });

  it.each([
    "there is no such option, and it is no longer read",
    "besides, the shallow copy is amended",
    "a recommended value",
    "tell the ingress to stop",
    "const whatIs = isNo",
  ])("accepts %j", (text) => {
    expect(findPhrases(text)).toEqual([]);
  });

  it("finds a phrase that continues on the next line of a comment, and returns its first line", () => {
    expect(findPhrases("/**\n * The text is\n * no number.\n */\n")).toMatchObject([
      { line: 2, phrase: "is no" },
    ]);
    expect(findPhrases("// The text is\n  // no number.\n")).toMatchObject([{ line: 1 }]);
    expect(findPhrases("The text is\nno number.\n")).toMatchObject([{ line: 1, phrase: "is no" }]);
  });

  it("suggests other words", () => {
    expect(findPhrases("It shall stop.")).toEqual([{ line: 1, phrase: "shall", say: "must, will" }]);
  });
});

describe("npm run check:language", () => {
  it("finds no worn-out phrase in this repository", async () => {
    expect(await run("npm run --silent check:language", repository)).toBe("");
  });
});
