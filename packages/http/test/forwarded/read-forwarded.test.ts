import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  formatForwardedElement,
  originByForwarded,
  parseNode,
  readForwarded,
  readXForwarded,
  type ForwardedElement,
  type ForwardedNode,
} from "@fairlead/http/forwarded";
import fc from "fast-check";

const nothing = { for: undefined, by: undefined, host: undefined, proto: undefined };

describe("a node of Forwarded, RFC 7239 section 6", () => {
  for (const [text, node] of [
    ["192.0.2.43", address("192.0.2.43")],
    ["192.0.2.43:47011", address("192.0.2.43", 47_011)],
    ["[2001:DB8:cafe::17]", address("2001:db8:cafe::17")],
    ["[2001:db8:cafe::17]:4711", address("2001:db8:cafe::17", 4_711)],
    ["[::ffff:192.0.2.1]:1", address("192.0.2.1", 1)],
    ["192.0.2.43:_port", address("192.0.2.43")],
    ["unknown", { type: "unknown" }],
    ["Unknown", { type: "unknown" }],
    ["_hidden", { type: "obfuscated", name: "_hidden" }],
    ["_SEVKISEK:80", { type: "obfuscated", name: "_SEVKISEK" }],
    ["192.0.2.256", undefined],
    ["192.0.2.1:65536", undefined],
    ["192.0.2.1:", undefined],
    ["[192.0.2.1]", undefined],
    ["[2001:db8::1", undefined],
    ["2001:db8::1]", undefined],
    ["a.example", undefined],
    ["", undefined],
  ] as const satisfies readonly (readonly [string, ForwardedNode | undefined])[]) {
    test(`${JSON.stringify(text)} is ${JSON.stringify(node)}`, () => assert.deepEqual(parseNode(text), node));
  }
});

describe("Forwarded, RFC 7239 section 4, from its end", () => {
  for (const [lines, elements] of [
    [[], []],
    [[""], []],
    [['for="_gazonk"'], [{ ...nothing, for: { type: "obfuscated", name: "_gazonk" } }]],
    [['For="[2001:db8:cafe::17]:4711"'], [{ ...nothing, for: address("2001:db8:cafe::17", 4_711) }]],
    [
      ["for=192.0.2.60;proto=HTTP;by=203.0.113.43"],
      [{ for: address("192.0.2.60"), by: address("203.0.113.43"), host: undefined, proto: "http" }],
    ],
    [
      ["for=192.0.2.43, for=198.51.100.17", "for=203.0.113.9"],
      [address("203.0.113.9"), address("198.51.100.17"), address("192.0.2.43")].map((node) => ({
        ...nothing,
        for: node,
      })),
    ],
    [[" , for=192.0.2.1 ;proto=https;, "], [{ ...nothing, for: address("192.0.2.1"), proto: "https" }]],
    [["for=192.0.2.1:80"], [{ ...nothing, for: address("192.0.2.1", 80) }]],
    [['host="a\\"b\\\\"'], [{ ...nothing, host: 'a"b\\' }]],
    [['host=""'], [{ ...nothing, host: "" }]],
    [["proto=gopher"], [nothing]],
    [["extension=x"], [nothing]],
    // What is further left may be made up, and does not matter.
    [['for=", for=192.0.2.1'], [{ ...nothing, for: address("192.0.2.1") }]],
    [['for="a, for=192.0.2.1;host="b"'], [{ ...nothing, for: address("192.0.2.1"), host: "b" }]],
    [["for=192.0.2.9", "for==", "for=192.0.2.1"], [{ ...nothing, for: address("192.0.2.1") }]],
    // Nothing of these is believed.
    [["for=192.0.2.1;for=192.0.2.2"], []],
    [
      [";for=192.0.2.2, ;for=192.0.2.1"],
      [address("192.0.2.1"), address("192.0.2.2")].map((node) => ({ ...nothing, for: node })),
    ],
    [["for"], []],
    [["=192.0.2.1"], []],
    [["for="], []],
    [['for="192.0.2.1'], []],
    [["for=192.0.2.1 proto=http"], []],
    [['for="192.0.2.1"x'], []],
    [["for=192.0.2.1/24"], []],
  ] as const satisfies readonly (readonly [readonly string[], readonly ForwardedElement[]])[]) {
    test(JSON.stringify(lines), () => assert.deepEqual([...readForwarded(lines)], elements));
  }

  test("reads what was written, whatever stands before it", () => {
    const hops = fc.record(
      {
        address: fc.oneof(fc.ipV4(), fc.constant("2001:db8::1"), fc.constant(undefined)),
        host: fc.string({ unit: "grapheme-ascii" }),
        scheme: fc.constantFrom("http" as const, "https" as const),
      },
      { noNullPrototype: true },
    );
    const prefixes = fc.oneof(fc.string(), fc.stringMatching(/^["\\,;= a-z]*$/));
    fc.assert(
      fc.property(fc.array(hops, { minLength: 1, maxLength: 4 }), prefixes, (written, prefix) => {
        const lines = [[prefix, ...written.map(formatForwardedElement)].join(", ")];
        const read = readForwarded(lines);
        for (const { address: of, host, scheme } of written.toReversed()) {
          const node = of === undefined ? ({ type: "unknown" } as const) : address(of);
          const element = { for: node, by: undefined, host: host === "" ? undefined : host, proto: scheme };
          assert.deepEqual(read.next().value, element);
        }
      }),
    );
  });

  test("never throws, whatever comes", () => {
    const texts = fc.array(fc.oneof(fc.string(), fc.stringMatching(/^(?:for|=|"|\\|,|;| |\[|\]|:|1)*$/)), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(texts, (lines) => {
        assert.ok([...readForwarded(lines)].length <= lines.join().length);
        assert.ok([...readXForwarded({ for: lines, proto: lines, host: lines })].length <= lines.join().length);
      }),
    );
  });
});

describe("X-Forwarded-For, -Proto and -Host, from their ends", () => {
  test("have what belongs together at the same place from the end", () => {
    const lines = { for: ["192.0.2.1, 192.0.2.2", "::1"], proto: ["https,http, http"], host: ["a,b,c"] };
    assert.deepEqual(
      [...readXForwarded(lines)],
      [
        { for: address("::1"), by: undefined, host: "c", proto: "http" },
        { for: address("192.0.2.2"), by: undefined, host: "b", proto: "http" },
        { for: address("192.0.2.1"), by: undefined, host: "a", proto: "https" },
      ],
    );
  });

  test("say the same of all where it is said once, and nothing where it is no scheme", () => {
    const read = [...readXForwarded({ for: ["192.0.2.1, 192.0.2.2"], proto: ["HTTPS"], host: [] })];
    assert.deepEqual(
      read.map(({ proto, host }) => [proto, host]),
      [
        ["https", undefined],
        ["https", undefined],
      ],
    );
    assert.equal([...readXForwarded({ for: ["192.0.2.1"], proto: ["ftp"], host: [] })][0]?.proto, undefined);
  });
});

describe("who the client is, by those who are trusted (RFC 7239 section 8.1)", () => {
  const isTrusted = (text: string): boolean => text.startsWith("10.");
  for (const [line, expected] of [
    ["", { client: undefined, scheme: undefined, host: undefined }],
    ["for=192.0.2.1;proto=https;host=a", { client: "192.0.2.1", scheme: "https", host: "a" }],
    // Only the last is said by somebody who is trusted.
    ["for=10.6.6.6;host=evil, for=192.0.2.1;host=a", { client: "192.0.2.1", scheme: undefined, host: "a" }],
    ["for=192.0.2.9;host=evil;proto=https, for=192.0.2.1", { client: "192.0.2.1", scheme: undefined, host: undefined }],
    // The outer proxy knows what the client said, where it tells.
    [
      "for=192.0.2.1;proto=https;host=a, for=10.0.0.2;proto=http;host=b",
      { client: "192.0.2.1", scheme: "https", host: "a" },
    ],
    ["for=192.0.2.1, for=10.0.0.2;proto=http;host=b", { client: "192.0.2.1", scheme: "http", host: "b" }],
    ["for=10.0.0.9, for=10.0.0.2", { client: "10.0.0.9", scheme: undefined, host: undefined }],
    // Nobody's address is taken from behind who is not known.
    ["for=192.0.2.1, for=unknown", { client: undefined, scheme: undefined, host: undefined }],
    ["for=192.0.2.1, for=_secret, for=10.0.0.2", { client: "_secret", scheme: undefined, host: undefined }],
    ["for=192.0.2.1, host=a", { client: undefined, scheme: undefined, host: "a" }],
    ["for=192.0.2.1, %%%, for=10.0.0.2", { client: "10.0.0.2", scheme: undefined, host: undefined }],
  ] as const) {
    test(`of ${JSON.stringify(line)} is ${JSON.stringify(expected)}`, () => {
      const { client, scheme, host } = originByForwarded(readForwarded([line]), isTrusted);
      assert.deepEqual({ client: client?.address, scheme, host }, expected);
    });
  }
});

function address(text: string, port?: number): ForwardedNode {
  return { type: "address", address: text, port };
}
