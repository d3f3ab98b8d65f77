import assert from "node:assert/strict";
import { isIP } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import type { GeneralName } from "../../../../src/certificates/path/protocol/general-name.ts";
import { dnsNameFault, namesMatchHost, parseIpAddress } from "../../../../src/certificates/path/protocol/host-name.ts";

const dns = (value: string): GeneralName => ({ type: "dns", value });
const ip = (...value: readonly number[]): GeneralName => ({ type: "ip", value: Uint8Array.from(value) });

const matches: readonly (readonly [name: GeneralName, host: string, match: boolean])[] = [
  [dns("a.test"), "a.test", true],
  [dns("A.Test"), "a.tEST", true],
  [dns("a.test."), "a.test", false],
  [dns("a.test"), "a.test.", true],
  [dns("a.test"), "b.a.test", false],
  [dns("*.a.test"), "b.a.test", true],
  [dns("*.a.test"), "a.test", false],
  [dns("*.a.test"), "c.b.a.test", false],
  [dns("*.a.test"), ".a.test", false],
  [dns("*.a.test"), "*.a.test", false],
  [dns("b*.a.test"), "bc.a.test", false],
  [dns("x.*.test"), "x.a.test", false],
  [dns("*"), "test", false],
  [dns(""), "", false],
  [dns("a..test"), "a..test", false],
  [dns("127.0.0.1"), "127.0.0.1", false],
  [ip(127, 0, 0, 1), "127.0.0.1", true],
  [ip(127, 0, 0, 2), "127.0.0.1", false],
  [ip(...Array.from({ length: 15 }, () => 0), 1), "::1", true],
  [ip(...Array.from({ length: 15 }, () => 0), 1), "::1%eth0", true],
  [{ type: "uri", value: "https://a.test" }, "a.test", false],
  [{ type: "mail", value: "a.test" }, "a.test", false],
];
for (const [name, host, match] of matches) {
  const shown = name.type === "ip" ? name.value.join(".") : name.type === "dns" ? name.value : "";
  test(`${name.type} ${shown} is ${match ? "" : "not "}for ${host} (RFC 9525 section 6)`, () => {
    assert.equal(namesMatchHost([name], host), match);
  });
}

const names: readonly (readonly [name: string, fault: ReturnType<typeof dnsNameFault>])[] = [
  ["a.test", undefined],
  ["*.a.test", undefined],
  ["xn--n3h.com", undefined],
  ["a-b.test", undefined],
  ["a_b.test", "not-preferred"],
  ["8.8.8.8", "not-preferred"],
  ["-a.test", "malformed"],
  [".a.test", "malformed"],
  ["a.test.", "malformed"],
  ["a b", "malformed"],
  ["a\0.test", "malformed"],
  ["😜.test", "malformed"],
  [`${"a".repeat(64)}.test`, "malformed"],
  [`${"a.".repeat(127)}test`, "malformed"],
  ["", "malformed"],
];
for (const [name, fault] of names) {
  test(`the DNS name ${JSON.stringify(name).slice(0, 40)} is ${fault ?? "good"}`, () => {
    assert.equal(dnsNameFault(name), fault);
  });
}

test("what is an IP literal to Node is one here, and nothing else is", () => {
  const group = fc.constantFrom("", "0", "1", "ffff", "0db8", "12345", "1.2.3.4", "256.0.0.1", "01.2.3.4", "g");
  fc.assert(
    fc.property(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        fc.array(group, { maxLength: 9 }).map((groups) => groups.join(":")),
      ),
      (text) => {
        assert.equal(parseIpAddress(text)?.length, { 0: undefined, 4: 4, 6: 16 }[isIP(text)], text);
      },
    ),
    { numRuns: 2000 },
  );
});
