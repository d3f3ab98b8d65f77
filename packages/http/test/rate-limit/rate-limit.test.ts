import { askAgainAt, readRateLimits, type RateLimits } from "@fairlead/http/rate-limit";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";

const NOW = Date.UTC(2026, 10, 22, 6, 0, 0);
const SECOND = 1_000;

function read(status: number, fields: Readonly<Record<string, string>>): RateLimits {
  return readRateLimits(status, (name) => fields[name], NOW);
}

describe("what a response says of limits", () => {
  const rows: readonly (readonly [string, Readonly<Record<string, string>>, readonly object[]])[] = [
    [
      "the draft since version 08, the example of its section 6",
      { ratelimit: '"default";r=50;t=30', "ratelimit-policy": '"default";q=100;w=60' },
      [{ name: "default", limit: 100, windowSeconds: 60, remaining: 50, resetAt: NOW + 30 * SECOND }],
    ],
    [
      "several policies, of which one is near its end",
      {
        ratelimit: '"hourly";r=3;t=600, "bytes";r=0;t=5;pk=:dHJpYWwxMjE=:',
        "ratelimit-policy": '"hourly";q=1000;w=3600,"bytes";q=65535;qu="content-bytes";w=10',
      },
      [
        { name: "hourly", limit: 1000, windowSeconds: 3600, remaining: 3, resetAt: NOW + 600 * SECOND },
        {
          name: "bytes",
          limit: 65535,
          unit: "content-bytes",
          windowSeconds: 10,
          remaining: 0,
          resetAt: NOW + 5 * SECOND,
        },
      ],
    ],
    [
      "a policy alone",
      { "ratelimit-policy": '"p";q=100;w=60;qu="requests"' },
      [{ name: "p", limit: 100, windowSeconds: 60 }],
    ],
    [
      "version 07 of the draft",
      { ratelimit: "limit=100, remaining=50, reset=50", "ratelimit-policy": "10;w=1, 100;w=60" },
      [{ limit: 100, remaining: 50, resetAt: NOW + 50 * SECOND, windowSeconds: 60 }],
    ],
    [
      "version 06, a field for each number",
      { "ratelimit-limit": "100, 100;w=10", "ratelimit-remaining": "50", "ratelimit-reset": "50" },
      [{ limit: 100, remaining: 50, resetAt: NOW + 50 * SECOND }],
    ],
    [
      "GitHub, whose reset is a date in seconds",
      {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": "4999",
        "x-ratelimit-reset": String(NOW / SECOND + 3600),
        "x-ratelimit-resource": "core",
        "x-ratelimit-used": "1",
      },
      [{ name: "core", limit: 5000, remaining: 4999, resetAt: NOW + 3600 * SECOND }],
    ],
    [
      "a reset that is a date in milliseconds",
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW + 5) },
      [{ remaining: 0, resetAt: NOW + 5 }],
    ],
    [
      "Discord, which also says how long to wait",
      {
        "x-ratelimit-limit": "5",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": "1470173023",
        "x-ratelimit-reset-after": "1.5",
      },
      [{ limit: 5, remaining: 0, resetAt: NOW + 1.5 * SECOND }],
    ],
    [
      "another hyphen, as X has it",
      { "x-rate-limit-limit": "15", "x-rate-limit-remaining": "14", "x-rate-limit-reset": "9" },
      [{ limit: 15, remaining: 14, resetAt: NOW + 9 * SECOND }],
    ],
    [
      "negative, broken and huge numbers",
      { "x-ratelimit-limit": "-5", "x-ratelimit-remaining": "1e9", ratelimit: '"a";r=-1' },
      [{ name: "a" }],
    ],
    ["what is no structured field", { ratelimit: "((", "ratelimit-policy": '"a";q' }, []],
    ["nothing", {}, []],
  ];
  for (const [what, fields, limits] of rows) {
    test(what, () => {
      assert.deepEqual(read(200, fields), { limits });
    });
  }

  for (const [status, retryAt] of [
    [429, NOW + 7 * SECOND],
    [503, NOW + 7 * SECOND],
    [403, NOW + 7 * SECOND],
    [202, undefined],
    [301, undefined],
  ] as const) {
    test(`Retry-After with ${String(status)} is ${retryAt === undefined ? "of this resource alone" : "a limit"}`, () => {
      assert.equal(read(status, { "retry-after": "7" }).retryAt, retryAt);
    });
  }

  test("at most a hundred limits of one field are kept", () => {
    const ratelimit = Array.from({ length: 300 }, (_, index) => `"p${String(index)}";r=1;t=1`).join(",");
    assert.equal(read(200, { ratelimit }).limits.length, 100);
  });

  test("may be anything", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        for (const names of [
          ["ratelimit", "ratelimit-policy"],
          ["x-ratelimit-remaining", "x-ratelimit-reset"],
          ["retry-after", "ratelimit-limit"],
        ] as const) {
          const facts = read(429, { [names[0]]: left, [names[1]]: right });
          assert.ok((askAgainAt(facts, NOW) ?? Number.POSITIVE_INFINITY) > NOW);
        }
      }),
    );
  });
});

describe("when to ask again", () => {
  const rows: readonly (readonly [string, RateLimits, number | undefined])[] = [
    ["at once where something is left", { limits: [{ remaining: 1, resetAt: NOW + 9 }] }, undefined],
    ["when the window ends of which nothing is left", { limits: [{ remaining: 0, resetAt: NOW + 9 }] }, NOW + 9],
    [
      "behind the last of several",
      {
        limits: [
          { remaining: 0, resetAt: NOW + 9 },
          { remaining: 0, resetAt: NOW + 20 },
        ],
      },
      NOW + 20,
    ],
    [
      "when the service says, if that is later",
      { limits: [{ remaining: 0, resetAt: NOW + 9 }], retryAt: NOW + 30 },
      NOW + 30,
    ],
    ["at once where the window has ended already", { limits: [{ remaining: 0, resetAt: NOW - 9 }] }, undefined],
    ["at once where nobody says when", { limits: [{ remaining: 0 }] }, undefined],
  ];
  for (const [what, facts, at] of rows) {
    test(what, () => {
      assert.equal(askAgainAt(facts, NOW), at);
    });
  }
});
