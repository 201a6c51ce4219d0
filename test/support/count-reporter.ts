import type { Reporter, TestModule } from "vitest/node";

/** Ends the output with one plain line, `N passed, N failed, N skipped`, for those who read logs by program. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
    // A file that does not load has no tests to fail: it counts as one.
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    console.log(`${count("passed")} passed, ${count("failed") + broken} failed, ${count("skipped")} skipped`);
  }
}
