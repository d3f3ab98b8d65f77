import assert from "node:assert/strict";
import { isIP } from "node:net";
import { describe, test } from "node:test";
import fc from "fast-check";
import { hostOf, unmapped } from "../../../src/admission/protocol/host-of.ts";

describe("what counts as one host", () => {
  for (const [address, host] of [
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["::FFFF:c000:0207", "192.0.2.7"],
    ["0:0:0:0:0:ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::", "2001:db8:1:2::/64"],
    ["2001:DB8:1:2::9", "2001:db8:1:2::/64"],
    ["2001:0db8:0001:0002::9", "2001:db8:1:2::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::", "0:0:0:0::/64"],
    // Not an address: it stands for itself.
    ["1:2:3", "1:2:3"],
    ["::ffff:300.0.0.1", "::ffff:300.0.0.1"],
    ["1::2::3", "1::2::3"],
    ["1:2:3:4:5:6:7::8", "1:2:3:4:5:6:7::8"],
    ["1:2:3:4:5:6:7:8::", "1:2:3:4:5:6:7:8::"],
    ["worker-7", "worker-7"],
  ] as const) {
    test(`${address} is of ${host}`, () => assert.equal(hostOf(address), host));
  }

  test("addresses of one /64 are one host, whatever their other half is", () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const host = hostOf(address);
        if (!host.endsWith("::/64")) return;
        const prefix = host.slice(0, -"::/64".length);
        assert.equal(isIP(`${prefix}::`), 6);
        assert.equal(hostOf(`${prefix}:1:2:3:4`), host);
      }),
    );
  });

  test("whatever arrives, it is some host", () => {
    fc.assert(
      fc.property(fc.string(), (text) => assert.equal(typeof hostOf(text) + typeof unmapped(text), "stringstring")),
    );
  });
});
