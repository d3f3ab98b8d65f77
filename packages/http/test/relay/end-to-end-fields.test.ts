import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { endToEndFields, endToEndRequestFields, endToEndTrailers } from "@fairlead/http/relay";

const table: readonly [what: string, fields: readonly string[], kept: readonly string[]][] = [
  ["what belongs to the connection", ["connection", "keep-alive", "keep-alive", "timeout=5", "a", "1"], ["a", "1"]],
  ["what Connection names", ["x-secret", "1", "connection", "close, X-Secret", "a", "1"], ["a", "1"]],
  [
    "what any line of Connection names",
    ["connection", "x", "x", "1", "connection", " y ,", "y", "2", "a", "1"],
    ["a", "1"],
  ],
  ["every line of it", ["connection", "x", "x", "1", "a", "1", "x", "2"], ["a", "1"]],
  ["upgrades and their settings", ["upgrade", "h2c", "connection", "upgrade", "http2-settings", "AAM"], []],
  [
    "framing, which the next message says anew",
    ["content-length", "5", "transfer-encoding", "chunked", "te", "trailers"],
    [],
  ],
  [
    "what is for a proxy",
    ["proxy-authorization", "Basic x", "proxy-connection", "keep-alive", "expect", "100-continue"],
    [],
  ],
];
for (const [what, fields, kept] of table) {
  test(`drops ${what}, RFC 9110 section 7.6.1`, () => {
    assert.deepEqual(endToEndFields(fields), kept);
  });
}

test("Connection cannot name Host away", () => {
  assert.deepEqual(endToEndFields(["host", "a.example", "connection", "host"]), ["host", "a.example"]);
});

test("everything else goes on as it came, in its order", () => {
  const fields = ["set-cookie", "a=1", "x", "", "set-cookie", "b=2", "trailer", "x-sum", "x", "connection"];
  assert.deepEqual(endToEndFields(fields), fields);
});

test("cookies in crumbs become one field again, RFC 9113 section 8.2.3", () => {
  assert.deepEqual(endToEndRequestFields(["cookie", "a=1", "x", "cookie", "cookie", "b=2"]), [
    "x",
    "cookie",
    "cookie",
    "a=1; b=2",
  ]);
  assert.deepEqual(endToEndRequestFields(["cookie", "a=1", "x", "cookie"]), ["cookie", "a=1", "x", "cookie"]);
});

test("trailers change nothing that was made of the message before, RFC 9110 section 6.5.1", () => {
  const trailers = [
    "x-sum",
    "1",
    "content-length",
    "5",
    "transfer-encoding",
    "chunked",
    "host",
    "b",
    "set-cookie",
    "a=1",
  ];
  assert.deepEqual(endToEndTrailers(trailers), ["x-sum", "1"]);
});

test("whatever comes, nothing of the connection is kept, and nothing is made up", () => {
  const name = fc.constantFrom("connection", "upgrade", "x", "y", "te", "host", "transfer-encoding", "cookie");
  const value = fc.constantFrom("close", "x", "x, y", "Y", "host", "", ",", "chunked");
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), (pairs) => {
      const kept = endToEndFields(pairs.flat());
      for (let index = 0; index < kept.length; index += 2) {
        assert.ok(["x", "y", "host", "cookie"].includes(kept[index] ?? ""));
        assert.ok(pairs.some(([each, text]) => each === kept[index] && text === kept[index + 1]));
      }
    }),
  );
});
