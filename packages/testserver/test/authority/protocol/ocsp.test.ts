import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { concat, element, explicit, integer, octets, oid, sequence } from "../../../src/authority/protocol/der.ts";
import { readOcspRequest } from "../../../src/authority/protocol/ocsp.ts";

const nonce = sequence(oid("1.3.6.1.5.5.7.48.1.2"), octets(octets(Uint8Array.of(1, 2, 3))));
const other = sequence(oid("1.3.6.1.5.5.7.48.1.4"), octets(sequence()));

function question(serialNumber: bigint): Uint8Array {
  return sequence(
    sequence(sequence(oid("1.3.14.3.2.26")), octets(Uint8Array.of(1)), octets(Uint8Array.of(2)), integer(serialNumber)),
  );
}

function request(count: number, ...extensions: readonly Uint8Array[]): Uint8Array {
  const questions = Array.from({ length: count }, (_, index) => question(BigInt(index)));
  const more = extensions.length === 0 ? [] : [explicit(2, sequence(...extensions))];
  return sequence(sequence(sequence(...questions), ...more));
}

describe("an OCSP request", () => {
  test("asks about serial numbers, and has a nonce or none", () => {
    assert.deepEqual(
      readOcspRequest(request(2))?.questions.map(({ serialNumber }) => serialNumber),
      [0n, 1n],
    );
    assert.equal(readOcspRequest(request(1))?.nonce, undefined);
    assert.deepEqual(readOcspRequest(request(1, other, nonce))?.nonce, new Uint8Array(nonce));
  });

  test("may have a version and the name of who asks in front", () => {
    const whole = sequence(sequence(explicit(0, integer(0)), explicit(1, sequence()), sequence(question(7n))));
    assert.equal(readOcspRequest(whole)?.questions[0]?.serialNumber, 7n);
  });

  const refused = [
    ["no bytes", new Uint8Array()],
    ["no questions", request(0)],
    ["more questions than anyone has", request(101)],
    ["bytes behind it", concat(request(1), Uint8Array.of(5, 0))],
    ["a question that is no CertID", sequence(sequence(sequence(sequence(integer(1)))))],
    [
      "a serial number of no octets",
      sequence(sequence(sequence(sequence(sequence(integer(1), integer(1), integer(1), element(2)))))),
    ],
    ["a serial number of 65 octets", sequence(sequence(sequence(question(1n << 512n))))],
  ] as const;
  for (const [what, bytes] of refused) {
    test(`is none with ${what}`, () => {
      assert.equal(readOcspRequest(bytes), undefined);
    });
  }

  test("is read or not, whatever arrives", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(80), (noise, at) => {
        readOcspRequest(noise);
        const whole = request(2, nonce);
        readOcspRequest(concat(whole.subarray(0, at), noise, whole.subarray(at + noise.length)));
      }),
    );
  });
});
