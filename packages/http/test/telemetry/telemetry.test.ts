import { PolicyError, TransportError } from "@fairlead/core";
import { errorType, knownMethod } from "@fairlead/http/telemetry";
import assert from "node:assert/strict";
import { describe, test } from "node:test";

describe("the name of a method in metrics", () => {
  test("is the method, where it is known", () => {
    for (const method of ["GET", "POST", "QUERY"]) assert.equal(knownMethod(method), method);
  });
  test("is one for all others, whatever they are", () => {
    for (const method of ["get", "BREW", "", "__proto__"]) assert.equal(knownMethod(method), "_OTHER");
  });
});

describe("the type of an error", () => {
  const cases: readonly [string, number | undefined, unknown, 400 | 500, string | undefined][] = [
    ["nothing for an answer", 200, undefined, 400, undefined],
    ["a status, for the client who has asked wrongly", 404, undefined, 400, "404"],
    ["nothing for the server that was asked wrongly", 404, undefined, 500, undefined],
    ["a status of a server that failed", 503, undefined, 500, "503"],
    ["a code of ours", 200, new TransportError("CLIENT_GONE"), 500, "CLIENT_GONE"],
    ["a code of ours without a status", undefined, new PolicyError("CONNECTION_LIMIT"), 500, "CONNECTION_LIMIT"],
    ["the name of a platform's error", undefined, new DOMException("late", "TimeoutError"), 400, "TimeoutError"],
    ["one for all that applications make up", undefined, new TypeError("x"), 400, "_OTHER"],
    ["one for what is no error", undefined, "left", 400, "_OTHER"],
  ];
  for (const [what, status, error, failing, expected] of cases) {
    test(`is ${what}`, () => {
      assert.equal(errorType(status, error, failing), expected);
    });
  }
});
