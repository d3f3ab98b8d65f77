import { TransportError } from "@fairlead/core";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  formatCombinedRecord,
  formatJsonRecord,
  type AccessFacts,
  type AccessRequest,
} from "../../../src/observe/protocol/access-record.ts";

const request: AccessRequest = {
  method: "GET",
  scheme: "https",
  authority: "a.example",
  path: "/a?page=2&access_token=31d4",
  version: "1.1",
  route: "/:name",
  userAgent: "curl/8",
  referer: undefined,
  fields: [],
};
const facts: AccessFacts = {
  time: Date.UTC(2026, 0, 9, 13, 55, 36, 7),
  durationMilliseconds: 12.3456,
  client: "192.0.2.7",
  peer: undefined,
  tlsVersion: "TLSv1.3",
  request,
  status: 200,
  bytesIn: 0,
  bytesOut: 123,
  error: undefined,
};

/** Everything that may come of the wire: an octet a character. */
const octets = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

describe("a record in JSON", () => {
  test("has the names that OpenTelemetry gives", () => {
    assert.deepEqual(JSON.parse(formatJsonRecord(facts, "redacted")), {
      timestamp: "2026-01-09T13:55:36.007Z",
      "http.request.method": "GET",
      "url.scheme": "https",
      "server.address": "a.example",
      "url.path": "/a",
      "url.query": "page=2&access_token=REDACTED",
      "http.route": "/:name",
      "network.protocol.version": "1.1",
      "user_agent.original": "curl/8",
      "http.response.status_code": 200,
      "http.request.body.size": 0,
      "http.response.body.size": 123,
      "http.server.request.duration": 0.012346,
      "client.address": "192.0.2.7",
      "tls.protocol.version": "TLSv1.3",
    });
  });

  const queries: readonly [AccessRequest["path"], "redacted" | "names" | "hidden", string | undefined][] = [
    ["/a?page=2&sid=x", "redacted", "page=2&sid=REDACTED"],
    ["/a?page=2&sid=x", "names", "page=REDACTED&sid=REDACTED"],
    ["/a?31d4", "names", "REDACTED"],
    ["/a?page=2", "hidden", undefined],
    ["/a", "names", undefined],
  ];
  for (const [path, visibility, expected] of queries) {
    test(`shows of ${path} the query ${String(expected)} when it is ${visibility}`, () => {
      const record = JSON.parse(formatJsonRecord({ ...facts, request: { ...request, path } }, visibility)) as unknown;
      assert.equal((record as Record<string, unknown>)["url.query"], expected);
    });
  }

  test("holds no credentials in fields that were asked for", () => {
    const fields = [
      ["authorization", "Bearer 6f1c"],
      ["cookie", "sid=31d4; theme=dark"],
      ["x-request-id", "42"],
    ] as const;
    const record = formatJsonRecord({ ...facts, request: { ...request, fields } }, "redacted");
    const shown = JSON.parse(record) as Record<string, unknown>;
    assert.equal(shown["http.request.header.authorization"], "Bearer REDACTED");
    assert.equal(shown["http.request.header.x-request-id"], "42");
    assert.doesNotMatch(record, /6f1c|31d4/);
  });

  test("cuts what a client has made long, its secrets apart", () => {
    const path = `/${"a".repeat(1_010)}?token=31d4${"b".repeat(5_000)}`;
    const record = formatJsonRecord(
      { ...facts, request: { ...request, path, userAgent: "u".repeat(9_000) } },
      "redacted",
    );
    assert.ok(record.length < 3_000, String(record.length));
    assert.doesNotMatch(record, /31d4/);
  });

  test("names a failure by its code", () => {
    const error = new TransportError("CLIENT_GONE", { peer: "192.0.2.7" });
    const record = JSON.parse(
      formatJsonRecord({ ...facts, request: undefined, status: undefined, error }, "redacted"),
    ) as object;
    assert.equal("error.type" in record && record["error.type"], "CLIENT_GONE");
    assert.equal("http.response.status_code" in record, false);
  });

  test("is one line without control characters, whatever comes", () => {
    fc.assert(
      fc.property(octets, octets, octets, octets, (path, userAgent, method, value) => {
        const wild = { ...request, path, userAgent, method, fields: [["x-a", value]] as const };
        const line = formatJsonRecord({ ...facts, request: wild }, "redacted");
        assert.doesNotMatch(line.slice(0, -1), unprintable);
        assert.ok(line.endsWith("}\n"));
        const record = JSON.parse(line) as Record<string, unknown>;
        assert.equal(record["http.request.method"], method);
        assert.equal(record["http.response.status_code"], 200, "no field of a record is replaced by a request");
      }),
    );
  });
});

describe("a record in the Combined Log Format", () => {
  test("is what many tools read", () => {
    assert.equal(
      formatCombinedRecord({ ...facts, request: { ...request, referer: "https://me:pw@b.example/" } }, "redacted"),
      '192.0.2.7 - - [09/Jan/2026:13:55:36 +0000] "GET /a?page=2&access_token=REDACTED HTTP/1.1" 200 123 ' +
        '"https://REDACTED:REDACTED@b.example/" "curl/8"\n',
    );
  });

  test("has a dash for what is not known", () => {
    const unknown = { ...facts, client: undefined, request: undefined, status: undefined, bytesOut: 0 };
    assert.equal(formatCombinedRecord(unknown, "redacted"), '- - - [09/Jan/2026:13:55:36 +0000] "-" - - "-" "-"\n');
  });

  test("is one printable line whose quotes are its own, whatever comes", () => {
    fc.assert(
      fc.property(octets, octets, (path, userAgent) => {
        const line = formatCombinedRecord({ ...facts, request: { ...request, path, userAgent } }, "redacted");
        assert.match(line, /^[\x20-\x7e]+\n$/);
        assert.equal(line.replace(/\\./g, "").split('"').length - 1, 6);
      }),
    );
  });
});
