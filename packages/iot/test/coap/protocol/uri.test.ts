import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type CoapUri,
  coapOptions,
  coapSchemes,
  formatCoapUri,
  isCoapScheme,
  parseCoapUri,
  readCoapUri,
  readOptions,
  resolveCoapUri,
  uriOptions,
} from "@fairlead/iot/coap/protocol";
import fc from "fast-check";

interface Row {
  readonly uri: string;
  readonly host?: string;
  readonly port?: number;
  readonly path?: readonly string[];
  readonly query?: readonly string[];
  /** As it is written by us, where that differs. */
  readonly written?: string;
}

const accepted: readonly Row[] = [
  { uri: "coap://example.net", written: "coap://example.net/" },
  { uri: "coap://example.net/" },
  { uri: "COAP://Example.NET:5683/", written: "coap://example.net/" },
  { uri: "coap://example.net:/", written: "coap://example.net/" },
  { uri: "coap://example.net:61616/a", port: 61_616, path: ["a"] },
  { uri: "coap://example.net/.well-known/core", path: [".well-known", "core"] },
  // RFC 7252 section 6.3: three that are equivalent.
  {
    uri: "coap://example.com:5683/~sensors/temp.xml",
    host: "example.com",
    path: ["~sensors", "temp.xml"],
    written: "coap://example.com/~sensors/temp.xml",
  },
  {
    uri: "coap://EXAMPLE.com/%7Esensors/temp.xml",
    host: "example.com",
    path: ["~sensors", "temp.xml"],
    written: "coap://example.com/~sensors/temp.xml",
  },
  {
    uri: "coap://EXAMPLE.com:/%7esensors/temp.xml",
    host: "example.com",
    path: ["~sensors", "temp.xml"],
    written: "coap://example.com/~sensors/temp.xml",
  },
  // RFC 7252 appendix B.
  { uri: "coap://[2001:db8::2:1]/", host: "2001:db8::2:1" },
  {
    uri: "coap://198.51.100.1:61616//%2F//?%2F%2F&?%26",
    host: "198.51.100.1",
    port: 61_616,
    path: ["", "/", "", ""],
    query: ["//", "?&"],
    written: "coap://198.51.100.1:61616//%2F//?//&?%26",
  },
  { uri: "coap://%E4%BD%A0.example/%E3%81%93", host: "你.example", path: ["こ"] },
  { uri: "coap://你.example/こ", host: "你.example", path: ["こ"], written: "coap://%E4%BD%A0.example/%E3%81%93" },
  { uri: "coap://[2001:DB8:0:0::1]/", host: "2001:db8::1", written: "coap://[2001:db8::1]/" },
  { uri: "coap://[fe80::1%25eth0]:5700/a", host: "fe80::1%eth0", port: 5700, path: ["a"] },
  { uri: "coap://[::ffff:192.0.2.1]/", host: "::ffff:c000:201", written: "coap://[::ffff:c000:201]/" },
  { uri: "coap://example.net/a/", path: ["a", ""] },
  { uri: "coap://example.net//", path: ["", ""] },
  { uri: "coap://example.net/a/../b/./c", path: ["b", "c"], written: "coap://example.net/b/c" },
  { uri: "coap://example.net/a/%2e%2E", path: [], written: "coap://example.net/" },
  { uri: "coap://example.net/../../a/.", path: ["a", ""], written: "coap://example.net/a/" },
  { uri: "coap://example.net?a", query: ["a"], written: "coap://example.net/?a" },
  { uri: "coap://example.net/?", query: [""] },
  { uri: "coap://example.net/?a=1&b=%26&&c", query: ["a=1", "b=&", "", "c"] },
  { uri: "coap://example.net/a+b;c=1,d:@!$", path: ["a+b;c=1,d:@!$"] },
  { uri: "coaps://example.net/", port: 5684 },
  { uri: "coap+tcp://example.net/", port: 5683 },
  { uri: "coaps+tcp://example.net/", port: 5684 },
  { uri: "coap+ws://example.net/a", port: 80, path: ["a"] },
  { uri: "coaps+ws://example.net/", port: 443 },
];

const refused: readonly (readonly [uri: string, code: string])[] = [
  ["", "URL_INVALID"],
  ["sensors", "URL_INVALID"],
  ["/sensors", "URL_INVALID"],
  ["//example.net/", "URL_INVALID"],
  ["coap:", "URL_INVALID"],
  ["coap:example.net", "URL_INVALID"],
  ["coap:///a", "URL_INVALID"],
  ["coap://:5683/", "URL_INVALID"],
  ["coap://example.net/#part", "URL_INVALID"],
  ["coap://example.net/#", "URL_INVALID"],
  ["coap://example.net:0/", "URL_INVALID"],
  ["coap://example.net:65536/", "URL_INVALID"],
  ["coap://example.net:5x/", "URL_INVALID"],
  ["coap://a:b:1/", "URL_INVALID"],
  ["coap://[::1/", "URL_INVALID"],
  ["coap://[::g]/", "URL_INVALID"],
  ["coap://[1.2.3.4]/", "URL_INVALID"],
  ["coap://[fe80::1%25]/", "URL_INVALID"],
  ["coap://[fe80::1%25a/b]/", "URL_INVALID"],
  ["coap://::1/", "URL_INVALID"],
  ["coap://a%2Fb/", "URL_INVALID"],
  ["coap://a%00b/", "URL_INVALID"],
  ["coap://%5B::1%5D/", "URL_INVALID"],
  ["coap://a%3A1/", "URL_INVALID"],
  ["coap://example.net/%", "URL_INVALID"],
  ["coap://example.net/%zz", "URL_INVALID"],
  ["coap://example.net/%ff", "URL_INVALID"],
  ["coap://example.net/a b", "URL_INVALID"],
  ["coap://example.net/a\n", "URL_INVALID"],
  ["coap://example.net\\a", "URL_INVALID"],
  ["coap://example.net/\ud800", "URL_INVALID"],
  ["coap://user@example.net/", "URL_USER_INFORMATION"],
  ["coap://user:secret@example.net/", "URL_USER_INFORMATION"],
  ["https://example.net/", "URL_SCHEME_UNKNOWN"],
  ["constructor://example.net/", "URL_SCHEME_UNKNOWN"],
];

describe("a CoAP URI (RFC 7252 section 6)", () => {
  for (const { uri, host = "example.net", port, path = [], query = [], written = uri } of accepted) {
    test(`takes ${uri}`, () => {
      const scheme = uri.slice(0, uri.indexOf(":")).toLowerCase();
      assert(isCoapScheme(scheme));
      const expected: CoapUri = { scheme, host, port: port ?? coapSchemes[scheme].defaultPort, path, query };
      assert.deepEqual(parseCoapUri(uri), expected);
      assert.equal(formatCoapUri(expected), written);
    });
  }

  for (const [uri, code] of refused) {
    test(`refuses ${JSON.stringify(uri)} with ${code}`, () => {
      assert.throws(() => parseCoapUri(uri), { code });
    });
  }

  test("never says a password that it was given", () => {
    assert.throws(
      () => parseCoapUri("coap://user:secret@example.net/"),
      (error: Error) => !error.message.includes("secret"),
    );
  });

  test("becomes options, without Uri-Host where the host is a literal (section 6.4)", () => {
    const numbersOf = (uri: string): readonly number[] => uriOptions(parseCoapUri(uri)).map(({ number }) => number);
    const { uriHost, uriPath, uriQuery } = coapOptions;
    assert.deepEqual(numbersOf("coap://example.net:1/a/b?c"), [
      ...[uriHost.number, uriPath.number, uriPath.number, uriQuery.number],
    ]);
    assert.deepEqual(numbersOf("coap://[fe80::1%25eth0]/"), []);
    assert.deepEqual(numbersOf("coap://192.0.2.1/a"), [uriPath.number]);
    assert.deepEqual(numbersOf("coap://192.0.2.256/"), [uriHost.number]);
  });

  test("is refused where a segment is longer than its option", () => {
    assert.equal(uriOptions(parseCoapUri(`coap://h/${"a".repeat(255)}`)).length, 2);
    assert.throws(() => uriOptions(parseCoapUri(`coap://h/${"a".repeat(256)}`)), { code: "URL_INVALID" });
  });

  test("is read from options, with what they leave out from where it was sent (section 6.5)", () => {
    const uri = parseCoapUri("coap://example.net:7/%2F/?a%26b");
    const destination = { scheme: "coap", host: "192.0.2.1", port: 7 } as const;
    assert.deepEqual(readCoapUri({ options: uriOptions(uri) }, destination), uri);
    assert.deepEqual(readCoapUri({ options: [] }, destination), { ...destination, path: [], query: [] });
  });

  for (const segment of [".", ".."]) {
    test(`is none with the segment ${segment} (section 5.10.1)`, () => {
      const options = [{ number: coapOptions.uriPath.number, value: new TextEncoder().encode(segment) }];
      assert.equal(readCoapUri({ options }, { scheme: "coap", host: "h", port: 1 }), undefined);
      assert.throws(
        () => formatCoapUri({ scheme: "coap", host: "h", port: 1, path: [segment], query: [] }),
        RangeError,
      );
    });
  }

  test("resolves the references of RFC 3986 section 5.4", () => {
    const base = parseCoapUri("coap://a/b/c/d;p?q");
    const rows: readonly (readonly [reference: string, target: string])[] = [
      ["g", "coap://a/b/c/g"],
      ["./g", "coap://a/b/c/g"],
      ["g/", "coap://a/b/c/g/"],
      ["/g", "coap://a/g"],
      ["//g", "coap://g/"],
      ["?y", "coap://a/b/c/d;p?y"],
      ["g?y", "coap://a/b/c/g?y"],
      [";x", "coap://a/b/c/;x"],
      ["", "coap://a/b/c/d;p?q"],
      [".", "coap://a/b/c/"],
      ["..", "coap://a/b/"],
      ["../g", "coap://a/b/g"],
      ["../../../g", "coap://a/g"],
      ["coaps://h/", "coaps://h/"],
    ];
    assert.deepEqual(
      rows.map(([reference]) => formatCoapUri(resolveCoapUri(base, reference))),
      rows.map(([, target]) => target),
    );
    assert.throws(() => resolveCoapUri(base, "mailto:a@b"), { code: "URL_SCHEME_UNKNOWN" });
  });

  test("comes back whole from its text and from its options", () => {
    const segment = fc.string({ unit: "grapheme", maxLength: 12 }).filter((text) => text !== "." && text !== "..");
    const uri = fc.record({
      scheme: fc.constantFrom(...Object.keys(coapSchemes).filter(isCoapScheme)),
      host: fc.constantFrom("example.net", "192.0.2.1", "2001:db8::1", "fe80::1%eth0", "ü.example"),
      port: fc.integer({ min: 1, max: 65_535 }),
      path: fc.array(segment, { maxLength: 4 }).filter(([first, ...rest]) => first !== "" || rest.length > 0),
      query: fc.array(segment, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(uri, (one) => {
        assert.deepEqual(parseCoapUri(formatCoapUri(one)), { ...one });
        const options = uriOptions(one);
        assert.deepEqual(readCoapUri({ options }, one), { ...one });
        assert.deepEqual(readOptions({ options }, "uriPath"), one.path);
      }),
    );
  });

  test("is a URI or a UsageError, whatever it is", () => {
    const piece = fc.constantFrom(
      "coap",
      ":",
      "//",
      "/",
      "[",
      "]",
      "%",
      "25",
      "::1",
      "a",
      "@",
      "?",
      "#",
      "&",
      "é",
      "\0",
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        try {
          formatCoapUri(parseCoapUri(pieces.join("")));
        } catch (error) {
          assert(error instanceof TypeError && "code" in error, String(error));
        }
      }),
    );
  });
});
