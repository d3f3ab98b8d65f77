import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { FairleadError } from "@fairlead/core";
import { mintCertificates, type Certificates } from "../tls/certificates.ts";
import { generator } from "./lossy-carrier.ts";
import { manualClock } from "./manual-clock.ts";
import { attemptDatagrams, closeAttempt, settled, sharedKey, type DtlsPairing } from "./pairing.ts";

/** Datagrams that somebody on the way changes. */
export function fuzzSuite(name: string, pairing: DtlsPairing): void {
  describe(`${name}: changed datagrams`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });
    after(() => assert.equal(pairing.live(), 0, "sessions that were not freed"));

    test("end in a session or in named errors, for each of 200 seeds, and in freed sessions", async () => {
      const outcomes = new Map<string, number>();
      for (let seed = 0; seed < 200; seed += 1) {
        const random = generator(seed);
        const clock = manualClock();
        const cleanUp = new AbortController();
        const earlier: Buffer[] = [];
        const isKeyed = seed % 2 === 0;
        const attempt = attemptDatagrams(pairing, certificates, {
          network: {
            carry(bytes, deliver) {
              earlier.push(bytes);
              const arrives = random() < 0.4 ? mutated(bytes, earlier, random) : bytes;
              setImmediate(() => deliver(arrives));
            },
          },
          connect: { clock, ...(isKeyed && sharedKey.client) },
          accept: { clock, signal: cleanUp.signal, ...(isKeyed && sharedKey.server) },
        });
        await settled();
        clock.advance(60_000);
        cleanUp.abort(new FairleadTestEnd());
        const ends = await attempt;
        for (const end of [ends.client, ends.server]) {
          const code = end instanceof FairleadError ? end.code : end instanceof Error ? end.name : "secured";
          outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
          assert.ok(!(end instanceof Error) || end instanceof FairleadError || end instanceof FairleadTestEnd, code);
          // What arrives afterwards is changed as well.
          if (!(end instanceof Error)) for (let index = 0; index < 5; index += 1) end.send(Buffer.alloc(100, index));
        }
        await settled(3);
        closeAttempt(ends);
        assert.equal(clock.waiting, 0);
      }
      // Some got through, and some did not: else nothing was tried.
      assert.ok((outcomes.get("secured") ?? 0) > 20, JSON.stringify([...outcomes]));
      assert.ok(outcomes.size > 2, JSON.stringify([...outcomes]));
    });
  });
}

class FairleadTestEnd extends Error {}

/** Bits, bytes, lengths and order: what a datagram may become. */
function mutated(bytes: Buffer, earlier: readonly Buffer[], random: () => number): Buffer {
  const at = (length: number): number => Math.floor(random() * length);
  const copy = Buffer.from(bytes);
  switch (at(6)) {
    case 0:
      copy[at(copy.length)] = at(256);
      return copy;
    case 1: {
      const index = at(Math.min(copy.length, 25));
      copy[index] = (copy[index] ?? 0) ^ (1 << at(8));
      return copy;
    }
    case 2:
      return copy.subarray(0, at(copy.length));
    case 3:
      return Buffer.concat([copy, Buffer.from(Array.from({ length: at(40) }, () => at(256)))]);
    case 4:
      return Buffer.from(earlier[at(earlier.length)] ?? copy);
    default: {
      const start = at(copy.length);
      const end = Math.min(copy.length, start + at(30));
      for (let index = start; index < end; index += 1) copy[index] = at(256);
      return copy;
    }
  }
}
