import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  currentAge,
  decideReuse,
  freshnessLifetime,
  mayAnswerOnError,
  type CacheMode,
  type CacheType,
} from "../../src/cache/index.ts";
import { answering, asking, kept, then } from "./heads.ts";

interface Case {
  readonly later?: number;
  readonly mode?: CacheMode;
  readonly type?: CacheType;
  readonly method?: string;
}

function decide(
  response: readonly string[],
  request: readonly string[],
  { later = 30, mode = "default", type = "private", method = "GET" }: Case,
): string {
  const stored = kept(answering(200, ...response));
  const decision = decideReuse(asking(method, ...request), [stored], { now: then + later * 1_000, mode, type });
  return decision.type === "use" && decision.refresh ? "use, refresh" : decision.type;
}

const minute = ["Cache-Control: max-age=60", 'ETag: "1"'];

describe("a stored response is used again (RFC 9111 section 4)", () => {
  for (const [title, response, request, options, expected] of [
    ["while it is fresh", minute, [], {}, "use"],
    ["for HEAD", minute, [], { method: "HEAD" }, "use"],
    ["not for an unsafe method", minute, [], { method: "DELETE" }, "forward"],
    ["validated when it is stale", minute, [], { later: 60 }, "validate"],
    ["not when it is stale and has no validator", ["Cache-Control: max-age=60"], [], { later: 60 }, "forward"],
    [
      "validated when the response says no-cache",
      ["Cache-Control: no-cache, max-age=60", 'ETag: "1"'],
      [],
      {},
      "validate",
    ],
    ["validated when the request says no-cache", minute, ["Cache-Control: no-cache"], {}, "validate"],
    ["validated for Pragma: no-cache alone", minute, ["Pragma: no-cache"], {}, "validate"],
    ["whatever Pragma says beside Cache-Control", minute, ["Pragma: no-cache", "Cache-Control: max-age=90"], {}, "use"],
    ["younger than the request's max-age", minute, ["Cache-Control: max-age=30"], {}, "use"],
    ["validated when older than the request's max-age", minute, ["Cache-Control: max-age=29"], {}, "validate"],
    [
      "for a reload when it is immutable",
      ["Cache-Control: max-age=60, immutable", 'ETag: "1"'],
      ["Cache-Control: max-age=0"],
      {},
      "use",
    ],
    [
      "not for a reload when it was immutable",
      ["Cache-Control: max-age=60, immutable", 'ETag: "1"'],
      ["Cache-Control: max-age=0"],
      { later: 60 },
      "validate",
    ],
    ["fresh for long enough (min-fresh)", minute, ["Cache-Control: min-fresh=29"], {}, "use"],
    ["validated when not fresh for long enough", minute, ["Cache-Control: min-fresh=31"], {}, "validate"],
    ["stale by as much as is asked for", minute, ["Cache-Control: max-stale=10"], { later: 70 }, "use"],
    ["not staler than is asked for", minute, ["Cache-Control: max-stale=9"], { later: 70 }, "validate"],
    ["stale by anything", minute, ["Cache-Control: max-stale"], { later: 1e6 }, "use"],
    [
      "not stale where it must be validated",
      ["Cache-Control: max-age=60, must-revalidate", 'ETag: "1"'],
      ["Cache-Control: max-stale"],
      { later: 70 },
      "validate",
    ],
    [
      "stale in a private cache whatever proxies must",
      ["Cache-Control: max-age=60, proxy-revalidate", 'ETag: "1"'],
      ["Cache-Control: max-stale"],
      { later: 70 },
      "use",
    ],
    [
      "not stale in a shared one",
      ["Cache-Control: max-age=60, proxy-revalidate", 'ETag: "1"'],
      ["Cache-Control: max-stale"],
      { later: 70, type: "shared" },
      "validate",
    ],
    [
      "stale while it is refreshed",
      ["Cache-Control: max-age=60, stale-while-revalidate=20", 'ETag: "1"'],
      [],
      { later: 70 },
      "use, refresh",
    ],
    [
      "not refreshed behind the back for ever",
      ["Cache-Control: max-age=60, stale-while-revalidate=10", 'ETag: "1"'],
      [],
      { later: 70 },
      "validate",
    ],
    ["for only-if-cached", minute, ["Cache-Control: only-if-cached"], {}, "use"],
    ["not stale for only-if-cached", minute, ["Cache-Control: only-if-cached"], { later: 60 }, "gateway-timeout"],
    ["not in mode no-store", minute, [], { mode: "no-store" }, "forward"],
    ["not in mode reload", minute, [], { mode: "reload" }, "forward"],
    ["validated in mode no-cache", minute, [], { mode: "no-cache" }, "validate"],
    ["stale in mode force-cache", minute, [], { mode: "force-cache", later: 1e6 }, "use"],
    ["stale in mode only-if-cached", minute, [], { mode: "only-if-cached", later: 1e6 }, "use"],
  ] as const) {
    test(`${title}: ${expected}`, () => {
      assert.equal(decide(response, request, options), expected);
    });
  }

  test("by whom Vary selects, the most recent first", () => {
    const stored = ["en", "de", "de"].map((language, index) => ({
      ...kept(
        answering(200, "Cache-Control: max-age=60", "Vary: Accept-Language"),
        asking("GET", `Accept-Language: ${language}`),
      ),
      name: `${language}${String(index)}`,
    }));
    const [, , latest] = stored.map((each, index) => ({
      ...each,
      fields: [["date", new Date(then + index * 1_000).toUTCString()], ...each.fields.slice(1)] as const,
    }));
    assert.ok(latest);
    const all = [...stored.slice(0, 2), latest];
    const named = (language: string): string | undefined => {
      const decision = decideReuse(asking("GET", `Accept-Language: ${language}`), all, {
        now: then + 5_000,
        mode: "default",
        type: "private",
      });
      return decision.type === "use" ? decision.stored.name : undefined;
    };
    assert.deepEqual([named("en"), named("de"), named("fr")], ["en0", "de2", undefined]);
  });

  test("nothing stored is a 504 only where nothing else is wanted", () => {
    const none = (mode: CacheMode, ...lines: readonly string[]): string =>
      decideReuse(asking("GET", ...lines), [], { now: then, mode, type: "private" }).type;
    assert.deepEqual(
      [none("default"), none("only-if-cached"), none("default", "Cache-Control: only-if-cached"), none("force-cache")],
      ["forward", "gateway-timeout", "gateway-timeout", "forward"],
    );
  });

  test("never past its freshness unless somebody allowed it", () => {
    const directive = fc.constantFrom("no-cache", "must-revalidate", "public", "private", "immutable", "s-maxage=5");
    fc.assert(
      fc.property(
        fc.array(directive, { maxLength: 3 }),
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 0, max: 200 }),
        fc.constantFrom<CacheType>("private", "shared"),
        (directives, maxAge, later, type) => {
          const lines = [`Cache-Control: ${[...directives, `max-age=${String(maxAge)}`].join(", ")}`, 'ETag: "1"'];
          const stored = kept(answering(200, ...lines));
          const now = then + later * 1_000;
          const decision = decideReuse(asking("GET"), [stored], { now, mode: "default", type });
          const fresh = currentAge(stored, now) < freshnessLifetime(stored, type);
          assert.equal(decision.type, fresh && !directives.includes("no-cache") ? "use" : "validate");
        },
      ),
    );
  });
});

describe("a stale response answers after an error (RFC 5861 section 4)", () => {
  for (const [title, response, request, later, expected] of [
    ["within stale-if-error", ["Cache-Control: max-age=60, stale-if-error=30"], [], 80, true],
    ["not after it", ["Cache-Control: max-age=60, stale-if-error=30"], [], 100, false],
    ["where the request allows it", ["Cache-Control: max-age=60"], ["Cache-Control: stale-if-error=30"], 80, true],
    [
      "never where it must be validated",
      ["Cache-Control: max-age=60, stale-if-error=30, must-revalidate"],
      [],
      80,
      false,
    ],
    ["not by itself", ["Cache-Control: max-age=60"], [], 80, false],
  ] as const) {
    test(title, () => {
      const context = { type: "private", now: then + later * 1_000 } as const;
      assert.equal(
        mayAnswerOnError(asking("GET", ...request).fields, kept(answering(200, ...response)), context),
        expected,
      );
    });
  }
});
