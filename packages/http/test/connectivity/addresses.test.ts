import { addressesKey, hasUsableAddress } from "@fairlead/http/connectivity";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";

const of = (address: string, internal = false): Parameters<typeof hasUsableAddress>[0] => ({
  eth0: [{ address, internal }],
});

describe("addresses from which more than this link is reached", () => {
  const usable = ["192.0.2.1", "10.0.0.1", "172.17.0.1", "100.64.0.1", "2001:db8::1", "fd00::1", "::ffff:192.0.2.1"];
  const unusable = [
    "127.0.0.1",
    "127.255.0.9",
    "0.0.0.0",
    "169.254.7.7",
    "::1",
    "::",
    "fe80::1",
    "febf::1",
    "::ffff:127.0.0.1",
    "no address",
    "",
  ];
  for (const address of usable) test(address, () => assert.equal(hasUsableAddress(of(address)), true));
  for (const address of unusable) test(`not ${address}`, () => assert.equal(hasUsableAddress(of(address)), false));
  test("not any of the loopback interface", () => assert.equal(hasUsableAddress(of("192.0.2.1", true)), false));
  test("one is enough", () => {
    assert.equal(hasUsableAddress({ ...of("fe80::1"), wlan0: [{ address: "192.0.2.1", internal: false }] }), true);
    assert.equal(hasUsableAddress({}), false);
    assert.equal(hasUsableAddress({ eth0: undefined }), false);
  });
});

describe("what interfaces are told apart by", () => {
  const a = { address: "192.0.2.1", internal: false };
  const b = { address: "2001:db8::1", internal: false };
  test("names and addresses, in any order", () => {
    assert.equal(addressesKey({ x: [a, b], y: [a] }), addressesKey({ y: [a], x: [b, a] }));
    const keys = [{ x: [a] }, { x: [b] }, { y: [a] }, { x: [a, b] }, {}].map(addressesKey);
    assert.equal(new Set(keys).size, keys.length);
  });
  test("whatever the system lists", () => {
    const listed = fc.dictionary(fc.string(), fc.array(fc.record({ address: fc.string(), internal: fc.boolean() })));
    fc.assert(
      fc.property(listed, (interfaces) => {
        assert.equal(typeof hasUsableAddress(interfaces), "boolean");
        assert.equal(addressesKey(interfaces), addressesKey({ ...interfaces }));
      }),
    );
  });
});
