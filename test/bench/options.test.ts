import { describe, expect, it } from "vitest";
import { help, readOptions } from "../../bench/options.ts";
import { partNames } from "../../bench/report/results.ts";

describe("the options of npm run bench", () => {
  it("run every part by default", () => {
    expect(readOptions([])).toMatchObject({ only: partNames, rounds: 5, seconds: 2, isPublishing: false });
  });

  it("name some of the parts", () => {
    expect(readOptions(["--only", "ingress,growth", "--rounds", "1", "--seconds", "0.3"])).toMatchObject({
      only: ["ingress", "growth"],
      rounds: 1,
      seconds: 0.3,
    });
  });

  it("say which one is wrong", () => {
    expect(() => readOptions(["--only", "ingres"])).toThrow(/--only must name parts.*not "ingres"/);
    expect(() => readOptions(["--rounds", "none"])).toThrow('--rounds must be a number above 0, not "none"');
    expect(() => readOptions(["--fast"])).toThrow(/--fast/);
  });

  it("are all in the help", () => {
    expect(readOptions(["--help"])).toBeUndefined();
    for (const part of partNames) {
      expect(help).toContain(part);
    }
  });
});
