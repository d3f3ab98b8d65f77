import { openNetworkAccessManager } from "@fairlead/access";
import { test } from "node:test";
import { runCacheTests } from "./run-tests.ts";
import { assertRequired, summary, type Exceptions } from "./verdicts.ts";

const onceOnly =
  "Set-Cookie is for the one who asked: it is not kept, so that no later use of the response sets it again";
const noStale = "needs a cache that serves stale responses although nothing allowed it, to see where it is forbidden";

const exceptions: Exceptions = {
  "age-parse-prefix": [
    "failed",
    "`Age: 0,7200` is to be fresh, and `Age: 0, 0` stale: whatever is no number makes a response stale here",
  ],
  "headers-store-Set-Cookie": ["failed", onceOnly],
  "304-etag-update-response-Set-Cookie": ["failed", onceOnly],
  "headers-store-Transfer-Encoding": [
    "failed",
    "a transfer coding that nobody knows is refused: whoever guesses where such a message ends can be made to guess wrong",
  ],
  "304-etag-update-response-ETag": [
    "setup",
    "a 304 with another validator is about another response, and renews nothing (RFC 9111 section 4.3.4)",
  ],
  "stale-close-must-revalidate": ["dependency", noStale],
  "stale-close-proxy-revalidate": ["dependency", noStale],
  "stale-close-no-cache": ["dependency", noStale],
  "stale-close-s-maxage=2": ["dependency", noStale],
};

test("a private cache passes http-cache-tests as a browser, but for what is listed", async (context) => {
  await using manager = await openNetworkAccessManager({ cookies: false });
  const results = await runCacheTests(manager, "browser");
  for (const kind of ["required", "optimal", "check"] as const) context.diagnostic(summary(results, kind));
  assertRequired(results, exceptions);
});
