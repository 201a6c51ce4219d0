import { describe } from "vitest";
import { describeInChromium } from "../../support/chromium.ts";
import { checkGreeter } from "../support/check-greeter.ts";
import { peerInPage } from "../support/page.ts";

await describeInChromium("Google's grpc-web", (browser) => {
  describe.each(["binary", "text"])("%s", (format) => {
    checkGreeter(peerInPage(browser, `grpc-web/page-${format}.ts`));
  });
});
