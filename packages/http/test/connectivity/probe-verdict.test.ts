import { judgeProbe, type ProbeResponse } from "@fairlead/http/connectivity";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";

const URL_OF_PROBE = new URL("http://probe.example/generate_204");
const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const plain: ProbeResponse = { status: 204, location: undefined, retryAfter: undefined, hasContent: false };
const judge = (response: Partial<ProbeResponse>): ReturnType<typeof judgeProbe> =>
  judgeProbe({ ...plain, ...response }, URL_OF_PROBE, NOW);

describe("the verdict of a probe", () => {
  const none = { type: "none", retryAfterMilliseconds: undefined };
  const page = { type: "portal", portalUrl: undefined, source: "response" };
  const redirect = { type: "portal", portalUrl: undefined, source: "redirect" };
  const table: readonly (readonly [what: string, response: Partial<ProbeResponse>, verdict: object])[] = [
    ["204", { status: 204 }, { type: "online" }],
    ["204 with content, which it cannot have", { status: 204, hasContent: true }, { type: "online" }],
    ["an empty 200", { status: 200 }, { type: "online" }],
    ["200 with content", { status: 200, hasContent: true }, page],
    ["another 2xx", { status: 206, hasContent: true }, page],
    ["an empty 202", { status: 202 }, page],
    ["RFC 6585 section 6: 511", { status: 511, hasContent: true }, page],
    ["302 without Location", { status: 302 }, redirect],
    ["304", { status: 304 }, redirect],
    ["400", { status: 400 }, none],
    ["401", { status: 401 }, none],
    ["407", { status: 407 }, none],
    ["500", { status: 500 }, none],
    ["599", { status: 599 }, none],
    ["503 without Retry-After", { status: 503 }, none],
    ["503 with one that is none", { status: 503, retryAfter: "soon" }, none],
    ["RFC 9110 section 10.2.3: seconds", { status: 503, retryAfter: "7" }, { ...none, retryAfterMilliseconds: 7000 }],
    [
      "RFC 9110 section 10.2.3: a date",
      { status: 503, retryAfter: "Sat, 21 Nov 2026 12:01:00 GMT" },
      { ...none, retryAfterMilliseconds: 60_000 },
    ],
    ["Retry-After of another error", { status: 500, retryAfter: "7" }, none],
  ];
  for (const [what, response, verdict] of table) {
    test(what, () => {
      assert.deepEqual(judge(response), verdict);
    });
  }

  const locations: readonly (readonly [location: string, portalUrl: string | undefined])[] = [
    ["https://portal.example/", "https://portal.example/"],
    ["login?x=1#y", "http://probe.example/login?x=1#y"],
    ["//portal.example", "http://portal.example/"],
    ["http://bank.example:80@portal.example/", "http://portal.example/"],
    ["javascript:alert(1)", undefined],
    ["data:text/html,hello", undefined],
    ["blob:https://portal.example/1", undefined],
    ["https://", undefined],
    ["http://[::1", undefined],
  ];
  for (const [location, portalUrl] of locations) {
    test(`a redirect to ${location}`, () => {
      assert.deepEqual(judge({ status: 302, location }), { type: "portal", portalUrl, source: "redirect" });
    });
  }

  test("is one, whatever comes, and leads nowhere but to http and https", () => {
    const response = fc.record({
      status: fc.integer({ min: 200, max: 999 }),
      location: fc.option(fc.oneof(fc.webUrl(), fc.string()), { nil: undefined }),
      retryAfter: fc.option(fc.string(), { nil: undefined }),
      hasContent: fc.boolean(),
    });
    fc.assert(
      fc.property(response, (given) => {
        const verdict = judge(given);
        if (verdict.type === "portal") assert.match(verdict.portalUrl ?? "http://x/", /^https?:\/\/[^@]/);
        if (verdict.type === "online") assert.ok(given.status === 204 || given.status === 200);
      }),
    );
  });
});
