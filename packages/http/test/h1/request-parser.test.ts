import { Http1RequestParser } from "@fairlead/http/h1";
import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { latin1 } from "./feeding.ts";
import { mutatedRequests, validRequests } from "./request-arbitraries.ts";
import { feedRequests } from "./request-feeding.ts";

const SEED = 20_261_122;
const GET = "GET / HTTP/1.1\r\nHost: a.example\r\n";

test("requests that are as they ought to be are read as they were written", () => {
  fc.assert(
    fc.property(validRequests, (requests) => {
      const { requests: read, refusal } = feedRequests([latin1(requests.map(({ bytes }) => bytes).join(""))]);
      assert.equal(refusal, undefined);
      assert.deepEqual(
        read.map(({ method, path, fields, body, trailers, isWhole }) => ({
          method,
          path,
          fields,
          body,
          trailers,
          isWhole,
        })),
        requests.map(({ method, path, fields, body, trailers }) => ({
          method,
          path,
          fields,
          body,
          trailers,
          isWhole: true,
        })),
      );
    }),
    { numRuns: 1_000, seed: SEED },
  );
});

test("however they are cut, requests tell the same, and nothing but a refusal comes of what is wrong", () => {
  let refused = 0;
  fc.assert(
    fc.property(mutatedRequests, fc.array(fc.nat({ max: 60 })), (text, sizes) => {
      const bytes = latin1(text);
      const whole = feedRequests([bytes]);
      const single = feedRequests(Array.from(bytes, (byte) => Uint8Array.of(byte)));
      const pieces: Uint8Array[] = [];
      let at = 0;
      for (const size of [...sizes, bytes.length]) {
        pieces.push(bytes.subarray(at, at + size));
        at += size;
      }
      assert.deepEqual(single, whole);
      assert.deepEqual(feedRequests(pieces), whole);
      if (whole.refusal !== undefined) refused += 1;
    }),
    { numRuns: 2_000, seed: SEED },
  );
  assert.ok(refused > 500 && refused < 1_900, `${String(refused)} were refused`);
});

describe("limits", () => {
  const table: [what: string, text: string, limits: object, refusal: string | undefined][] = [
    [
      "a target of just so many octets",
      `GET /${"a".repeat(9)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      { targetBytes: 10 },
      undefined,
    ],
    [
      "one more",
      `GET /${"a".repeat(10)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      { targetBytes: 10 },
      "414 REQUEST_TARGET_TOO_LONG",
    ],
    ["field lines of just so many octets", `${GET}X: 1234\r\n\r\n`, { fieldsBytes: 26 }, undefined],
    ["one octet more", `${GET}X: 12345\r\n\r\n`, { fieldsBytes: 26 }, "431 REQUEST_FIELDS_TOO_LARGE"],
    ["fields", `${GET}X: 1\r\n\r\n`, { fields: 1 }, "431 REQUEST_FIELDS_TOO_LARGE (more than 1 fields)"],
    ["a declared length", `${GET}Content-Length: 11\r\n\r\n`, { bodyBytes: 10 }, "413 REQUEST_BODY_TOO_LARGE"],
    [
      "chunks",
      `${GET}Transfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n5\r\nabcde\r\n`,
      { bodyBytes: 10 },
      "413 REQUEST_BODY_TOO_LARGE",
    ],
    [
      "trailers",
      `${GET}Transfer-Encoding: chunked\r\n\r\n0\r\nX: ${"a".repeat(90)}\r\n\r\n`,
      { fieldsBytes: 60 },
      "431 REQUEST_FIELDS_TOO_LARGE (trailers)",
    ],
  ];
  for (const [what, text, limits, refusal] of table) {
    test(what, () => {
      assert.equal(feedRequests([latin1(text)], limits).refusal, refusal);
      const single = feedRequests(
        Array.from(latin1(text), (byte) => Uint8Array.of(byte)),
        limits,
      );
      assert.equal(single.refusal, refusal);
    });
  }

  test("what a client may fill is no more than they say, however long it goes on", () => {
    const parser = new Http1RequestParser({ scheme: "http", limits: { targetBytes: 100, fieldsBytes: 1_000 } });
    const piece = new Uint8Array(100).fill(0x61);
    let events = 0;
    for (; parser.read(piece).type === "need-data"; events += 1) assert.ok(events < 12);
    assert.equal(parser.read(piece).type, "refused");
  });
});

describe("a parser", () => {
  test("goes no further than one event", () => {
    const parser = new Http1RequestParser({ scheme: "https" });
    const bytes = latin1(`${GET}\r\n${GET}\r\n`);
    const event = parser.read(bytes);
    assert.ok(event.type === "head" && event.head.scheme === "https");
    assert.equal(parser.taken, bytes.length / 2);
    assert.equal(parser.isBetween, true);
  });

  test("knows how much content is to come, unless it comes in chunks", () => {
    const parser = new Http1RequestParser({ scheme: "http" });
    const length = latin1(`${GET}Content-Length: 5\r\n\r\nhel`);
    parser.read(length);
    assert.equal(parser.remainingBytes, 5);
    parser.read(length, parser.taken);
    assert.equal(parser.remainingBytes, 2);
    parser.read(latin1("lo"));
    assert.equal(parser.remainingBytes, 0);
    assert.equal(parser.read(latin1("")).type, "end");
    parser.read(latin1(`${GET}Transfer-Encoding: chunked\r\n\r\n`));
    assert.equal(parser.remainingBytes, undefined);
  });

  test("reads nothing after a refusal", () => {
    const parser = new Http1RequestParser({ scheme: "http" });
    const refusal = parser.read(latin1("\n"));
    assert.equal(refusal.type, "refused");
    assert.equal(parser.read(latin1(`${GET}\r\n`)), refusal);
    assert.equal(parser.taken, 0);
  });

  test("hands out parts of what it was fed, not copies", () => {
    const parser = new Http1RequestParser({ scheme: "http" });
    const bytes = latin1(`${GET}Content-Length: 2\r\n\r\nok`);
    parser.read(bytes);
    const content = parser.read(bytes, parser.taken);
    assert.ok(content.type === "content" && content.bytes.buffer === bytes.buffer);
  });
});
