import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { subnets } from "../../src/admission/index.ts";

describe("subnets", () => {
  for (const [written, address, isAmong] of [
    ["10.0.0.0/8", "10.255.0.1", true],
    ["10.0.0.0/8", "::ffff:10.255.0.1", true],
    ["10.0.0.0/8", "::ffff:0aff:1", true],
    ["10.0.0.0/8", "11.0.0.1", false],
    ["192.0.2.7", "192.0.2.7", true],
    ["192.0.2.7", "192.0.2.70", false],
    ["0.0.0.0/0", "192.0.2.7", true],
    ["0.0.0.0/0", "2001:db8::1", false],
    ["::/0", "2001:db8::1", true],
    ["::/0", "192.0.2.7", false],
    ["::/0", "::ffff:192.0.2.7", false],
    ["fe80::/10", "fe80::1%eth0", true],
    ["2001:db8::/32", "2001:DB8:0:0::1", true],
    ["10.0.0.0/8", "not an address", false],
    ["10.0.0.0/8", "", false],
  ] as const) {
    test(`${address} is ${isAmong ? "" : "not "}among ${written}`, () => {
      assert.equal(subnets([written], "allow").has(address), isAmong);
    });
  }

  for (const written of [
    "",
    "10",
    "10.0.0.0/33",
    "::/129",
    "10.0.0.0/8/8",
    "10.0.0.0/",
    "a/8",
    "::ffff:10.0.0.0/104",
    "fe80::1%lo",
  ]) {
    test(`${JSON.stringify(written)} is none`, () => {
      assert.throws(() => subnets([written], "allow"), { code: "OPTION_INVALID" });
    });
  }
});
