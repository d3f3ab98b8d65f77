import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { systemClock } from "@fairlead/tls/datagram";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { mintCertificates, type Certificates } from "../tls/certificates.ts";
import { lossyCarrier } from "./lossy-carrier.ts";
import { attemptDatagrams, closeAttempt, sharedKey, type DtlsPairOptions, type DtlsPairing } from "./pairing.ts";

/** Handshakes over networks that lose, double and reorder. */
export function lossSuite(name: string, pairing: DtlsPairing): void {
  describe(`${name}: a network that loses 30 %, doubles 10 % and holds back 20 %`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });
    after(() => assert.equal(pairing.live(), 0, "sessions that were not freed"));

    test("handshakes with certificates on both sides complete, for each of 40 seeds", async () => {
      const root = await mintAuthority();
      const identity = await mintCertificate({ issuer: root, names: ["client.test"], usage: "client" });
      const clientCertificates = {
        trust: { type: "anchors", certificates: [root.certificate] },
        required: true,
      } as const;
      await completes(pairing, certificates, {
        connect: { identity, mtu: 600 },
        accept: { clientCertificates, mtu: 600 },
        // Four times as many as it takes where none is lost.
        datagrams: 40,
      });
    });

    test("a peer that says nothing is asked again at doubled waits, and nothing spins", async () => {
      let fired = 0;
      let sent = 0;
      let isSilent = false;
      const clock = {
        ...systemClock,
        schedule: (milliseconds: number, due: () => void) =>
          systemClock.schedule(milliseconds, () => {
            fired += 1;
            due();
          }),
      };
      const ends = await attemptDatagrams(pairing, certificates, {
        // Hellos and the answers to the first arrive, until the server begins its handshake; then nothing does.
        network: {
          carry(bytes, deliver) {
            sent += 1;
            const type = bytes[HANDSHAKE_TYPE_AT];
            isSilent ||= type !== CLIENT_HELLO && type !== HELLO_VERIFY_REQUEST;
            if (!isSilent) setImmediate(() => deliver(bytes));
          },
        },
        connect: { ...sharedKey.client, clock, timeoutMilliseconds: 400, retransmissionMilliseconds: 30 },
        accept: { ...sharedKey.server, clock, timeoutMilliseconds: 400, retransmissionMilliseconds: 30 },
      });
      assert.ok(ends.client instanceof Error && ends.server instanceof Error);
      // 30, 60, 120 ms and so on, on both sides, and two deadlines.
      assert.ok(fired >= 6 && fired <= 16, String(fired));
      assert.ok(sent >= 8 && sent <= 30, String(sent));
    });

    test("handshakes with a key complete, for each of 40 seeds", async () => {
      await completes(pairing, certificates, {
        connect: sharedKey.client,
        accept: sharedKey.server,
        datagrams: 18,
      });
    });
  });
}

/** After the header of a record. RFC 6347 sections 4.1 and 4.3.2. */
const HANDSHAKE_TYPE_AT = 13;
const CLIENT_HELLO = 1;
const HELLO_VERIFY_REQUEST = 3;

/** Any will do. */
const firstSeed = 500;

/** All at once: what they wait for are retransmissions, whose time the libraries keep. */
async function completes(
  pairing: DtlsPairing,
  certificates: Certificates,
  { connect, accept, datagrams }: DtlsPairOptions & { readonly datagrams: number },
): Promise<void> {
  const totals = { sent: 0, lost: 0, duplicated: 0, heldBack: 0 };
  const fast = { retransmissionMilliseconds: 25 };
  await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      const seed = firstSeed + index;
      const { carry, counts } = lossyCarrier({ seed, loss: 0.3, duplication: 0.1, reordering: 0.2, datagrams });
      const attempt = await attemptDatagrams(pairing, certificates, {
        network: { carry },
        connect: { ...connect, ...fast },
        accept: { ...accept, ...fast },
      });
      closeAttempt(attempt);
      for (const end of [attempt.client, attempt.server]) {
        assert.ok(!(end instanceof Error), `seed ${String(seed)}: ${end instanceof Error ? end.message : ""}`);
      }
      for (const key of ["sent", "lost", "duplicated", "heldBack"] as const) totals[key] += counts[key];
    }),
  );
  // The network was as bad as it says.
  const { sent, lost, duplicated, heldBack } = totals;
  assert.ok(lost / sent > 0.2 && lost / sent < 0.4, `${String(lost)} of ${String(sent)} lost`);
  assert.ok(duplicated > 10 && heldBack > 10);
}
