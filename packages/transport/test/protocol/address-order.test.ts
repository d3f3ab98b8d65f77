import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addressOrder } from "../../src/protocol/address-order.ts";

describe("addresses are tried (RFC 8305 section 4)", () => {
  for (const [title, resolved, expected] of [
    ["family by family in turn", ["a:1", "a:2", "a:3", "1", "2"], ["a:1", "1", "a:2", "2", "a:3"]],
    ["beginning with the resolver's first", ["1", "a:1", "2", "a:2"], ["1", "a:1", "2", "a:2"]],
    ["in the resolver's order where there is one family", ["3", "1", "2"], ["3", "1", "2"]],
    ["once each", ["1", "1", "a:1", "1"], ["1", "a:1"]],
    ["not at all where there is none", [], []],
  ] as const) {
    test(title, () => {
      const addresses = resolved.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }) as const);
      assert.deepEqual(
        addressOrder(addresses).map(({ address }) => address),
        expected,
      );
    });
  }
});
