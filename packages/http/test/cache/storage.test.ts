import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decideStorage } from "../../src/cache/index.ts";
import { answering, asking, kept } from "./heads.ts";

const fresh = "Cache-Control: max-age=60";
const modified = "Last-Modified: Wed, 01 Jan 2025 00:00:00 GMT";
const verdict = (
  request: ReturnType<typeof asking>,
  response: ReturnType<typeof answering>,
  type: "private" | "shared",
): string => {
  const decision = decideStorage(request, response, type);
  return decision.type === "store" ? "store" : decision.reason;
};

describe("a response is stored (RFC 9111 section 3)", () => {
  for (const [title, request, response, inPrivate, inShared] of [
    ["GET, 200, max-age", asking("GET"), answering(200, fresh), "store", "store"],
    ["GET, 200, nothing said", asking("GET"), answering(200), "useless", "useless"],
    ["GET, 200, a validator", asking("GET"), answering(200, 'ETag: "1"'), "store", "store"],
    ["GET, 200, a date", asking("GET"), answering(200, modified), "store", "store"],
    ["GET, 301, nothing said", asking("GET"), answering(301), "store", "store"],
    ["GET, 302, nothing said", asking("GET"), answering(302), "lifetime", "lifetime"],
    ["GET, 302, public", asking("GET"), answering(302, "Cache-Control: public", modified), "store", "store"],
    ["GET, 302, private", asking("GET"), answering(302, "Cache-Control: private", modified), "store", "private"],
    ["GET, 599 with max-age", asking("GET"), answering(599, fresh), "store", "store"],
    ["GET, 103", asking("GET"), answering(103, fresh), "status", "status"],
    ["GET, 304", asking("GET"), answering(304, fresh), "status", "status"],
    ["HEAD", asking("HEAD"), answering(200, fresh), "method", "method"],
    ["POST with max-age", asking("POST"), answering(200, fresh), "method", "method"],
    ["a method in lower case is another one", asking("get"), answering(200, fresh), "method", "method"],
    ["no-store", asking("GET"), answering(200, "Cache-Control: no-store, max-age=60"), "no-store", "no-store"],
    ["no-store asked", asking("GET", "Cache-Control: no-store"), answering(200, fresh), "no-store", "no-store"],
    [
      "must-understand with a status that is",
      asking("GET"),
      answering(200, "Cache-Control: must-understand, no-store, max-age=60"),
      "store",
      "store",
    ],
    [
      "must-understand with a status that is not",
      asking("GET"),
      answering(599, "Cache-Control: must-understand, max-age=60"),
      "status",
      "status",
    ],
    ["private", asking("GET"), answering(200, "Cache-Control: private, max-age=60"), "store", "private"],
    ["Authorization", asking("GET", "Authorization: x"), answering(200, fresh), "store", "authorization"],
    [
      "Authorization and public",
      asking("GET", "Authorization: x"),
      answering(200, "Cache-Control: public, max-age=60"),
      "store",
      "store",
    ],
    [
      "Authorization of the connection",
      { ...asking("GET"), isAuthenticated: true },
      answering(200, fresh),
      "store",
      "authorization",
    ],
    ["Set-Cookie", asking("GET"), answering(200, fresh, "Set-Cookie: a=1"), "store", "set-cookie"],
    [
      "Set-Cookie and public",
      asking("GET"),
      answering(200, "Cache-Control: public, max-age=60", "Set-Cookie: a=1"),
      "store",
      "store",
    ],
    ["Vary: *", asking("GET"), answering(200, fresh, "Vary: accept, *"), "vary", "vary"],
    ["206 of a part", asking("GET"), answering(206, fresh, "Content-Range: bytes 0-1/5"), "store", "store"],
    ["206 of nothing known", asking("GET"), answering(206, fresh), "range", "range"],
  ] as const) {
    test(`${title}: ${inPrivate}, shared: ${inShared}`, () => {
      assert.equal(verdict(request, response, "private"), inPrivate);
      assert.equal(verdict(request, response, "shared"), inShared);
    });
  }

  test("without what belonged to the connection (section 3.1)", () => {
    const stored = kept(answering(200, fresh, "Connection: x-hop", "X-Hop: 1", "Keep-Alive: 5", "X-Stays: 1"));
    assert.deepEqual(
      stored.fields.map(([name]) => name),
      ["date", "cache-control", "x-stays"],
    );
  });

  test("without what was for the one who asked", () => {
    const stored = kept(answering(200, fresh, "Set-Cookie: a=1", "WWW-Authenticate: Basic", "X-Stays: 1"));
    assert.deepEqual(
      stored.fields.map(([name]) => name),
      ["date", "cache-control", "x-stays"],
    );
  });

  test("with the request's fields that select it (section 4.1)", () => {
    const request = asking("GET", "Accept: a,  b", "X-Other: 1");
    assert.deepEqual(
      { ...kept(answering(200, fresh, "Vary: Accept, Accept-Language"), request).selectingFields },
      { accept: "a,b", "accept-language": undefined },
    );
  });
});
