import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Cookie, cookiesToEvict, isExpired } from "../../src/cookies/index.ts";

const now = 1000;

function cookie(name: string, domain: string, lastAccessTime: number, rest: Partial<Cookie> = {}): Cookie {
  const flags = { hostOnly: true, secureOnly: false, httpOnly: false, sameSite: "Default" } as const;
  return {
    name,
    value: "",
    domain,
    path: "/",
    creationTime: 0,
    expiryTime: undefined,
    lastAccessTime,
    ...flags,
    ...rest,
  };
}

const names = (cookies: readonly Cookie[]): string => cookies.map((cookie) => cookie.name).join("");

describe("cookiesToEvict (6265bis 5.7, priorities of removal)", () => {
  it("takes nothing within the limits", () => {
    const cookies = [cookie("a", "x", 1), cookie("b", "x", 2), cookie("c", "y", 3)];
    assert.deepEqual(cookiesToEvict(cookies, { perDomain: 2, total: 3 }, now), []);
  });
  it("1: takes expired cookies whatever the limits, and spares others for it", () => {
    const cookies = [cookie("a", "x", 1), cookie("b", "x", 9, { expiryTime: now }), cookie("c", "x", 2)];
    assert.equal(names(cookiesToEvict(cookies, { perDomain: 2, total: 2 }, now)), "b");
  });
  it("2: takes cookies without Secure from a crowded domain, the longest unsent first", () => {
    const secureOnly = true;
    const crowd = [
      cookie("a", "x", 1, { secureOnly }),
      cookie("b", "x", 8),
      cookie("c", "x", 7),
      cookie("d", "x", 9),
      cookie("e", "y", 0),
    ];
    assert.equal(names(cookiesToEvict(crowd, { perDomain: 2, total: 9 }, now)), "cb");
  });
  it("3: then those with Secure", () => {
    const secureOnly = true;
    const crowd = [cookie("a", "x", 2, { secureOnly }), cookie("b", "x", 1, { secureOnly }), cookie("c", "x", 9)];
    assert.equal(names(cookiesToEvict(crowd, { perDomain: 1, total: 9 }, now)), "cb");
  });
  it("4: then any, the longest unsent first, Secure or not", () => {
    const cookies = [cookie("a", "x", 2), cookie("b", "y", 1, { secureOnly: true }), cookie("c", "z", 3)];
    assert.equal(names(cookiesToEvict(cookies, { perDomain: 1, total: 1 }, now)), "ba");
  });

  it("leaves what is within the limits, and no more goes than must, whatever is there", () => {
    const cookies = fc.array(
      fc
        .tuple(fc.constantFrom("x", "y", "z"), fc.nat(5), fc.boolean(), fc.boolean())
        .map(([domain, time, secureOnly, expired]) =>
          cookie("a", domain, time, { secureOnly, expiryTime: expired ? now : undefined }),
        ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(cookies, fc.nat(6), fc.nat(15), (cookies, perDomain, total) => {
        const evicted = new Set(cookiesToEvict(cookies, { perDomain, total }, now));
        const live = cookies.filter((cookie) => !isExpired(cookie, now));
        const kept = cookies.filter((cookie) => !evicted.has(cookie));
        const room = Object.values(Object.groupBy(live, (cookie) => cookie.domain)).reduce(
          (sum, sameDomain = []) => sum + Math.min(sameDomain.length, perDomain),
          0,
        );
        assert.equal(kept.length, Math.min(room, total));
        for (const sameDomain of Map.groupBy(kept, (cookie) => cookie.domain).values()) {
          assert.ok(sameDomain.length <= perDomain);
        }
        assert.ok(kept.every((cookie) => !isExpired(cookie, now)));
      }),
      { numRuns: 500 },
    );
  });
});
