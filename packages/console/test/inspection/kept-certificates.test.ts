import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ConnectionFacts } from "@fairlead/access";
import { KeptCertificates } from "../../src/inspection/kept-certificates.ts";

/** A connection whose peer has shown certificates of one byte value each. */
function connection(values: readonly number[], bytes: number): ConnectionFacts {
  const chain = values.map((value) => new Uint8Array(bytes).fill(value));
  // As much of a connection as is looked at.
  const staple = { type: "none" } as const;
  return { tls: {}, chain: () => chain, group: () => "X25519", staple: () => staple } as unknown as ConnectionFacts;
}

describe("the certificates that peers have shown", () => {
  test("are within their limit whatever peers send, and the oldest go first", () => {
    const kept = new KeptCertificates(1_000_000);
    const all = Array.from({ length: 200 }, (_, value) => connection([value], 60_000));
    for (const each of all) {
      kept.note(each);
      assert(kept.bytes <= 1_000_000);
    }
    const held = all.filter((each) => kept.of(each) !== undefined);
    assert.deepEqual(held, all.slice(-held.length));
    assert(held.length > 10);
  });

  test("are kept once where many connections show the same, each with its own group", () => {
    const kept = new KeptCertificates(1_000_000);
    const first = connection([1, 2], 1_000);
    kept.note(first);
    const { bytes } = kept;
    const others = Array.from({ length: 1_000 }, () => connection([1, 2], 1_000));
    for (const each of others) kept.note(each);
    assert.equal(kept.bytes, bytes);
    assert.deepEqual(kept.of(first), kept.of(others[999] ?? first));
    assert.equal(kept.of(first)?.chain.length, 2);
    assert.deepEqual([kept.of(first)?.group, kept.of(first)?.staple], ["X25519", { type: "none" }]);
  });

  test("stay while connections show them again", () => {
    const kept = new KeptCertificates(200_000);
    const often = connection([0], 60_000);
    kept.note(often);
    for (let value = 1; value < 50; value += 1) {
      kept.note(connection([value], 60_000));
      kept.note(connection([0], 60_000));
    }
    assert.notEqual(kept.of(often), undefined);
  });

  test("are read again from a connection that is still used when they were forgotten", () => {
    const kept = new KeptCertificates(200_000);
    const open = connection([1], 1_000);
    kept.note(open);
    kept.clear();
    assert.deepEqual([kept.of(open), kept.bytes], [undefined, 0]);
    kept.note(open);
    assert.equal(kept.of(open)?.chain.length, 1);
  });
});
