import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type CoapOption,
  formatCoapUri,
  parseCoapUri,
  proxySchemeOptions,
  readProxyTarget,
  requestOptionsToForward,
  responseOptionsToForward,
  writeOption,
} from "@fairlead/iot/coap/protocol";
import fc from "fast-check";

const by = (scheme: string, host?: string, ...more: CoapOption[]): readonly CoapOption[] => [
  ...(host === undefined ? [] : [writeOption("uriHost", host)]),
  ...more,
  writeOption("proxyScheme", scheme),
];
const uri = (text: string): readonly CoapOption[] => [writeOption("proxyUri", text)];

/** Where a request goes, in one line. */
function where(options: readonly CoapOption[]): string {
  const target = readProxyTarget({ options });
  switch (target.type) {
    case "coap":
      return formatCoapUri(target.uri);
    case "http":
      return target.url;
    case "self":
    case "unknown-scheme":
    case "invalid":
      return target.type;
  }
}

describe("where a proxy is to go (RFC 7252 sections 5.7.2 and 5.10.2)", () => {
  const path = writeOption("uriPath", "a b");
  const targets: readonly (readonly [what: string, options: readonly CoapOption[], target: string])[] = [
    ["no such option", [path], "self"],
    ["Proxy-Uri", uri("coap://device/a?b=c"), "coap://device/a?b=c"],
    ["Proxy-Uri, whatever else there is", [path, ...uri("coap://device/")], "coap://device/"],
    ["Proxy-Uri of another CoAP scheme", uri("COAPS+TCP://Device:1/"), "coaps+tcp://device:1/"],
    ["Proxy-Uri of HTTP", uri("HTTP://Host/a/../b?c"), "http://host/b?c"],
    ["Proxy-Uri of HTTPS", uri("https://[::1]:8443"), "https://[::1]:8443/"],
    ["Proxy-Uri of something else", uri("ftp://host/"), "unknown-scheme"],
    ["Proxy-Uri that is relative", uri("//host/"), "invalid"],
    ["Proxy-Uri with a fragment", uri("coap://host/#a"), "invalid"],
    ["Proxy-Uri with a user", uri("coap://user@host/"), "invalid"],
    ["Proxy-Uri of HTTP with a user", uri("http://user:word@host/"), "invalid"],
    ["Proxy-Uri of HTTP without a host", uri("http:///a"), "invalid"],
    ["Proxy-Uri of HTTP with one slash", uri("http:/a"), "invalid"],
    ["Proxy-Uri of HTTP with a backslash", uri("http://a\\b/"), "invalid"],
    ["Proxy-Uri of HTTP with a line break", uri("http://a/\r\nb"), "invalid"],
    ["Proxy-Uri twice", [...uri("coap://a/"), ...uri("coap://b/")], "coap://a/"],
    ["Proxy-Uri that is no UTF-8", [{ number: 35, value: Uint8Array.of(0xff) }], "invalid"],
    [
      "Proxy-Uri that is no UTF-8, and a scheme",
      [writeOption("uriHost", "a"), { number: 35, value: Uint8Array.of(0xff) }, writeOption("proxyScheme", "coap")],
      "invalid",
    ],
    ["Proxy-Scheme", by("coap", "device", path), "coap://device/a%20b"],
    ["Proxy-Scheme and a port", by("coap", "device", writeOption("uriPort", 1)), "coap://device:1/"],
    ["Proxy-Scheme and no port at all", by("coap", "device", writeOption("uriPort", 0)), "invalid"],
    ["Proxy-Scheme without a host", by("coap", undefined, path), "invalid"],
    ["Proxy-Scheme and dots", by("coap", "device", writeOption("uriPath", "..")), "invalid"],
    ["Proxy-Scheme of HTTP", by("http", "host", path), "http://host/a%20b"],
    ["Proxy-Scheme of HTTPS, and a port", by("https", "::1", writeOption("uriPort", 8443)), "https://[::1]:8443/"],
    ["Proxy-Scheme of something else", by("mqtt", "host"), "unknown-scheme"],
  ];
  for (const [what, options, target] of targets) {
    test(`is ${target} by ${what}`, () => assert.equal(where(options), target));
  }

  test("is said by options as it was meant", () => {
    const segment = fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) => text !== "." && text !== "..");
    const meant = fc.record({
      scheme: fc.constantFrom("coap", "coaps", "coap+tcp", "coaps+ws"),
      host: fc.constantFrom("device", "192.0.2.1", "[2001:db8::1]"),
      port: fc.integer({ min: 1, max: 65_535 }),
      path: fc.array(segment, { maxLength: 4 }).map((path) => (path.length === 1 && path[0] === "" ? [] : path)),
      query: fc.array(segment, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(meant, ({ scheme, host, port, path, query }) => {
        const text = formatCoapUri({ ...parseCoapUri(`${scheme}://${host}:${port}`), path, query });
        assert.equal(where(proxySchemeOptions(parseCoapUri(text))), text);
      }),
    );
  });

  test("is not said with a zone, which is this machine's", () => {
    assert.throws(() => proxySchemeOptions(parseCoapUri("coap://[fe80::1%25eth0]/")), { code: "URL_INVALID" });
  });
});

describe("what a proxy forwards (RFC 7252 sections 5.4.2 and 5.7.2)", () => {
  const option = (number: number): CoapOption => ({ number, value: Uint8Array.of(1) });
  const numbersOf = (forwarding: ReturnType<typeof requestOptionsToForward>): unknown =>
    forwarding.type === "forward" ? forwarding.options.map(({ number }) => number) : `not ${forwarding.number}`;

  const requests: readonly (readonly [what: string, sent: readonly number[], forwarded: unknown])[] = [
    ["conditions, formats and OSCORE", [1, 4, 5, 9, 12, 17], [1, 4, 5, 9, 12, 17]],
    ["a Hop-Limit", [16], [16]],
    ["nothing that says where to", [3, 7, 11, 15, 35, 39], []],
    ["nothing that is dealt with on either side", [6, 19, 23, 27, 28, 31, 60, 252, 258, 292], []],
    ["what is not known, and safe", [2048, 65_001], [2048, 65_001]],
    ["nothing with an option that is unsafe and not known", [12, 2050], "not 2050"],
    ["nothing with an unsafe critical one", [2051], "not 2051"],
  ];
  for (const [what, sent, forwarded] of requests) {
    test(`of a request is ${what}`, () => {
      assert.deepEqual(numbersOf(requestOptionsToForward({ options: sent.map(option) })), forwarded);
    });
  }

  const responses: readonly (readonly [what: string, sent: readonly number[], forwarded: unknown])[] = [
    ["version, place, format and age", [4, 8, 12, 14, 20], [4, 8, 12, 14, 20]],
    ["nothing that is dealt with on either side", [6, 23, 27, 28, 60, 252], []],
    ["nothing with an option that is unsafe and not known", [2050], "not 2050"],
  ];
  for (const [what, sent, forwarded] of responses) {
    test(`of a response is ${what}`, () => {
      assert.deepEqual(numbersOf(responseOptionsToForward({ options: sent.map(option) })), forwarded);
    });
  }
});
