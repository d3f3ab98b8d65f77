import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type PrefixViolation, prefixViolation } from "../../src/cookies/index.ts";

const best = { name: "a", value: "b", secureOnly: true, hostOnly: true, path: "/" };

type Case = readonly [Partial<typeof best>, boolean, PrefixViolation | undefined, string];
const cases: readonly Case[] = [
  [{ secureOnly: false, hostOnly: false, path: "/a" }, false, undefined, "a name without prefix promises nothing"],
  [{ name: "__Secure-a" }, false, undefined, "step 20: kept"],
  [{ name: "__Secure-a", hostOnly: false, path: "/a" }, false, undefined, "step 20: asks for Secure only"],
  [{ name: "__Secure-a", secureOnly: false }, true, "secure-prefix", "step 20: not Secure"],
  [{ name: "__sEcUrE-a", secureOnly: false }, true, "secure-prefix", "5.4: in any case"],
  [{ name: "__Secure-", secureOnly: false }, true, "secure-prefix", "step 20: the prefix alone"],
  [{ name: "__Secure", secureOnly: false }, true, undefined, "step 20: no hyphen, no prefix"],
  [{ name: "a__Secure-", secureOnly: false }, true, undefined, "step 20: not at the beginning"],
  [{ name: "__Host-a" }, true, undefined, "step 21: kept"],
  [{ name: "__Host-a", secureOnly: false }, true, "host-prefix", "step 21.1: not Secure"],
  [{ name: "__Host-a", hostOnly: false }, true, "host-prefix", "step 21.2: a domain"],
  [{ name: "__Host-a", path: "/a" }, true, "host-prefix", "step 21.3: another path"],
  [{ name: "__Host-a" }, false, "host-prefix", "step 21.3: the path is / by default only"],
  [{ name: "__HOST-a", secureOnly: false }, true, "host-prefix", "5.4: in any case"],
  [{ name: "", value: "__Secure-a=b" }, true, "nameless-prefix", "step 22: would be sent as __Secure-a=b"],
  [{ name: "", value: "__host-a" }, true, "nameless-prefix", "step 22: in any case, without equals sign too"],
  [{ name: "", value: "a=__Host-" }, false, undefined, "step 22: not at the beginning"],
  [{ name: "a", value: "__Host-a", secureOnly: false }, false, undefined, "step 22: values of named cookies are free"],
];

describe("prefixViolation (6265bis 5.4 and 5.7 steps 20 to 22)", () => {
  for (const [fields, hasPathAttribute, violation, what] of cases) {
    it(`finds ${violation ?? "nothing"} in ${JSON.stringify(fields)} — ${what}`, () => {
      assert.equal(prefixViolation({ ...best, ...fields }, hasPathAttribute), violation);
    });
  }
});
