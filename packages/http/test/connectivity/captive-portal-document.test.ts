import { parseCaptivePortalDocument } from "@fairlead/http/connectivity";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";

const TYPE = "application/captive+json";
const parse = (value: unknown, type: string | undefined = TYPE): ReturnType<typeof parseCaptivePortalDocument> =>
  parseCaptivePortalDocument(type, JSON.stringify(value));
const EMPTY = {
  captive: false,
  userPortalUrl: undefined,
  venueInfoUrl: undefined,
  canExtendSession: false,
  secondsRemaining: undefined,
  bytesRemaining: undefined,
};

describe("the document of a captive portal, RFC 8908 section 5", () => {
  test("all its members, and one that nobody knows", () => {
    const document = {
      captive: true,
      "user-portal-url": "https://portal.example/login",
      "venue-info-url": "http://venue.example/",
      "can-extend-session": true,
      "seconds-remaining": 326,
      "bytes-remaining": 65535,
      "is-raining": true,
    };
    assert.deepEqual(parse(document), {
      captive: true,
      userPortalUrl: "https://portal.example/login",
      venueInfoUrl: "http://venue.example/",
      canExtendSession: true,
      secondsRemaining: 326,
      bytesRemaining: 65_535,
    });
  });

  test("captive alone", () => {
    assert.deepEqual(parse({ captive: false }), EMPTY);
  });

  for (const [what, value, type] of [
    ["without captive", {}, TYPE],
    ["captive that is no truth value", { captive: "true" }, TYPE],
    ["a list", [true], TYPE],
    ["null", null, TYPE],
    ["another media type", { captive: true }, "application/json"],
    ["no media type", { captive: true }, ""],
  ] as const) {
    test(`${what}: none`, () => {
      assert.equal(parse(value, type), undefined);
    });
  }

  test("the media type has parameters and any case", () => {
    assert.deepEqual(parse({ captive: false }, "Application/Captive+JSON; charset=utf-8"), EMPTY);
  });

  for (const [what, members] of [
    ["a user portal in the clear: it MUST be accessed over TLS", { "user-portal-url": "http://portal.example/" }],
    ["a user portal that is no URL", { "user-portal-url": "/login" }],
    ["a user portal that is a script", { "user-portal-url": "javascript:alert(1)" }],
    ["a venue that is a file", { "venue-info-url": "file:///etc/passwd" }],
    ["numbers in words", { "seconds-remaining": "10", "bytes-remaining": "10" }],
    ["numbers that are none of anything", { "seconds-remaining": -1, "bytes-remaining": 1.5 }],
    ["numbers beyond all", { "seconds-remaining": 1e300, "bytes-remaining": 2 ** 60 }],
    ["a session that is extended in words", { "can-extend-session": "yes" }],
  ] as const) {
    test(`${what}: counts as left out`, () => {
      assert.deepEqual(parse({ captive: false, ...members }), EMPTY);
    });
  }

  test("no user name deceives about the host", () => {
    const document = parse({ captive: true, "user-portal-url": "https://www.bank.example:x@portal.example/" });
    assert.equal(document?.userPortalUrl, "https://portal.example/");
  });

  test("whatever comes is a document, or none", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const document = parseCaptivePortalDocument(TYPE, text);
        assert.ok(document === undefined || typeof document.captive === "boolean");
      }),
    );
  });
});
