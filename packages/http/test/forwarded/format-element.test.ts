import assert from "node:assert/strict";
import { test } from "node:test";
import { formatForwardedElement, type ForwardedHop } from "@fairlead/http/forwarded";

const table: readonly [hop: ForwardedHop, element: string][] = [
  [{ address: "192.0.2.1", host: "a.example", scheme: "http" }, "for=192.0.2.1;host=a.example;proto=http"],
  [
    { address: "2001:db8::1", host: "a.example:8443", scheme: "https" },
    'for="[2001:db8::1]";host="a.example:8443";proto=https',
  ],
  [{ address: undefined, host: "", scheme: "http" }, "for=unknown;proto=http"],
  [{ address: "192.0.2.1", host: 'a";for=x', scheme: "http" }, 'for=192.0.2.1;host="a\\";for=x";proto=http'],
];
for (const [hop, element] of table) {
  test(`${JSON.stringify(hop)} is ${element}, RFC 7239 section 4`, () => {
    assert.equal(formatForwardedElement(hop), element);
  });
}
